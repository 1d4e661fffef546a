import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { AppError } from "#contract/errors.ts";

/** A program and its arguments; `env` goes on top of the app's own. */
interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
}

interface TerminalOptions {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
}

/** Terminals of Linux desktops, best first, with what each wants before the command that it shall run. */
const linuxTerminals: readonly (readonly [program: string, ...before: string[]])[] = [
  ["x-terminal-emulator", "-e"],
  ["gnome-terminal", "--"],
  ["kgx", "--"],
  ["ptyxis", "--"],
  ["konsole", "-e"],
  ["xfce4-terminal", "-x"],
  ["kitty"],
  ["foot"],
  ["alacritty", "-e"],
  ["xterm", "-e"],
];

/** Whether a terminal can be opened: always on macOS and Windows, on Linux where there is a screen and a program for it. */
export function hasTerminal({ platform, env }: TerminalOptions): boolean {
  return platform === "darwin" || platform === "win32" || findOnLinux(env) !== undefined;
}

/** Opens a terminal in which `DOCKER_HOST` leads to this engine. Throws `unavailable` where it does not start. */
export async function openTerminal(host: string, folder: string, options: TerminalOptions): Promise<void> {
  const { program, args, env } = await terminalLaunch(host, folder, options);
  const child = spawn(program, [...args], { detached: true, stdio: "ignore", env: { ...options.env, ...env } });
  try {
    await once(child, "spawn");
  } catch (cause) {
    throw new AppError("unavailable", `No terminal could be opened: ${String(cause)}. Copy the line instead.`, {
      cause,
    });
  }
  child.unref();
}

/** What is started. A file in `folder` tells macOS' Terminal, which takes no command. */
export async function terminalLaunch(
  host: string,
  folder: string,
  { platform, env }: TerminalOptions,
): Promise<Launch> {
  if (platform === "win32") {
    return { program: "cmd.exe", args: ["/c", "start", "Longshore", "cmd.exe"], env: { DOCKER_HOST: host } };
  }
  if (platform === "darwin") {
    const file = join(folder, "terminal.command");
    const quoted = host.replaceAll("'", "'\\''");
    await writeFile(file, `#!/bin/sh\nexport DOCKER_HOST='${quoted}'\nexec "\${SHELL:-/bin/zsh}" -l\n`, {
      mode: 0o700,
    });
    return { program: "open", args: ["-a", "Terminal", file] };
  }
  const found = findOnLinux(env);
  if (!found)
    throw new AppError("unavailable", "There is no terminal to open on this computer. Copy the line instead.");
  // Some hand the window to a server that has its own surroundings, so the command itself brings the variable.
  const command = ["env", `DOCKER_HOST=${host}`, env.SHELL ?? "/bin/sh"];
  return { program: found.path, args: [...found.before, ...command] };
}

function findOnLinux(env: NodeJS.ProcessEnv): { path: string; before: string[] } | undefined {
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return undefined;
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const [program, ...before] of linuxTerminals) {
    const path = folders.map((folder) => join(folder, program)).find(isProgram);
    if (path !== undefined) return { path, before };
  }
  return undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

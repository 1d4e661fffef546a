import { execFile, spawn } from "node:child_process";
import { Duplex } from "node:stream";
import { promisify } from "node:util";
import { AppError } from "#contract/errors.ts";
import { decodeWsl, parseNames, parseWslVersion } from "./wsl-output.ts";

const run = promisify(execFile);

/** Arguments of every use of `wsl.exe`; the words are what Microsoft documents for WSL 2. */
export const wslArguments = {
  version: () => ["--version"],
  running: () => ["--list", "--quiet", "--running"],
  names: () => ["--list", "--quiet"],
  import: (name: string, folder: string, tarball: string) => ["--import", name, folder, tarball, "--version", "2"],
  /** Runs for as long as the distribution shall: the data's folder is shown to all, the engine is kept up. */
  shareData: (name: string) => [
    "--distribution",
    name,
    "--user",
    "root",
    "--exec",
    "/usr/lib/longshore/wsl-share-data",
  ],
  start: (name: string) => ["--distribution", name, "--user", "root", "--exec", "/usr/lib/longshore/wsl-init"],
  guest: (name: string, words: readonly string[]) =>
    ["--distribution", name, "--user", "root", "--exec", "/usr/sbin/longshore-guest"].concat(words),
  terminate: (name: string) => ["--terminate", name],
  unregister: (name: string) => ["--unregister", name],
} as const;

/** `wsl.exe` as the driver uses it. Every call has a deadline. */
export function wslCommands(program: string) {
  const text = async (args: readonly string[], timeoutMs = 30_000): Promise<string> => {
    try {
      const { stdout } = await run(program, [...args], { encoding: "buffer", timeout: timeoutMs, windowsHide: true });
      return decodeWsl(stdout);
    } catch (cause) {
      throw new AppError("unavailable", `wsl.exe ${args[0]} failed: ${problemOf(cause)}`, { cause });
    }
  };
  return {
    version: async () => parseWslVersion(await text(wslArguments.version())),
    names: async () => parseNames(await text(wslArguments.names()).catch(() => "")),
    running: async () => parseNames(await text(wslArguments.running()).catch(() => "")),
    import: (name: string, folder: string, tarball: string) =>
      text(wslArguments.import(name, folder, tarball), 600_000),
    terminate: (name: string) => text(wslArguments.terminate(name)),
    guest: (name: string, words: readonly string[], timeoutMs: number) =>
      text(wslArguments.guest(name, words), timeoutMs),
    /** A connection to the guest's Docker: both ends of a process that runs there. */
    dial: (name: string): Duplex => dialProcess(program, wslArguments.guest(name, ["dial-docker"])),
  };
}

function problemOf(cause: unknown): string {
  const { stdout, stderr, message } = cause as { stdout?: Buffer; stderr?: Buffer; message?: string }; // What execFile rejects with.
  const told = [stdout, stderr].map((bytes) => (bytes ? decodeWsl(bytes).trim() : "")).filter((part) => part !== "");
  return told.join(" ") || (message ?? "no reason");
}

function dialProcess(program: string, args: readonly string[]): Duplex {
  const child = spawn(program, [...args], { stdio: ["pipe", "pipe", "ignore"], windowsHide: true });
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  child.once("error", (error) => stream.destroy(error));
  stream.once("close", () => child.kill());
  return stream;
}

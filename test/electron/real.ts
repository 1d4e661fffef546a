// The only file that knows Playwright's driver for Electron, so that another can take its place.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { _electron } from "playwright-core";
import type { DesktopApp, Host, LaunchOptions } from "./desktop-app.ts";

const root = resolve(import.meta.dirname, "../..");
const electronFolder = join(root, "node_modules/electron");

function binary(): string | undefined {
  const pathFile = join(electronFolder, "path.txt");
  if (!existsSync(pathFile)) return undefined;
  const path = join(electronFolder, "dist", readFileSync(pathFile, "utf8"));
  return existsSync(path) ? path : undefined;
}

function missing(): string | undefined {
  if (!binary()) return "Electron's binary is not installed (node_modules/electron/dist is absent)";
  const needsDisplay = process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  return needsDisplay ? "there is no display for Electron's window (run under xvfb-run)" : undefined;
}

/** Chromium's sandbox refuses root; these are test runs on the tests' own pages. */
const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

async function launchSecond(home: string): Promise<number | null> {
  const child = spawn(binary() ?? "", [...sandbox, root, "--home", home], { stdio: "ignore" });
  const [code]: (number | null)[] = await once(child, "exit");
  return code ?? null;
}

async function launch({ home, args = [], env = {} }: LaunchOptions): Promise<DesktopApp> {
  const app = await _electron.launch({
    executablePath: binary() ?? "",
    args: [...sandbox, root, "--home", home, ...args],
    env: { ...process.env, ...env } as Record<string, string>,
  });
  const main = app.process();
  let output = "";
  for (const stream of [main.stdout, main.stderr]) stream?.on("data", (text: Buffer) => (output += text.toString()));
  const exited = new Promise<number | null>((resolve) => main.on("exit", resolve));
  return {
    // Playwright types the argument more loosely than `DesktopApp`, and gives the same module.
    evaluate: app.evaluate.bind(app) as DesktopApp["evaluate"],
    firstWindow: () => app.firstWindow(),
    output: () => output,
    exited,
    close: async () => {
      if (main.exitCode === null) await app.close();
    },
  };
}

/** The real thing, where its binary is present. */
export const real: Host = { name: "Electron", missing: missing(), launch, launchSecond };

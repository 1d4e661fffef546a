import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium, type Page } from "playwright-core";
import type { DesktopApp, Host, LaunchOptions } from "../desktop-app.ts";

const root = resolve(import.meta.dirname, "../../..");
const chromiumPath = process.env.LONGSHORE_CHROMIUM ?? "/usr/bin/chromium";

const chromiumArguments = [
  "--headless=new",
  "--remote-debugging-port=0",
  "--no-startup-window",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-extensions",
  "--disable-gpu",
  "--disable-sync",
  // Frames of other sites stay in their page's process, so that one debugging session sees all of a page's requests.
  "--disable-site-isolation-trials",
  "--disable-features=IsolateOrigins,site-per-process,Translate",
  // Electron asks the app, not the user, about a window that a page opens unasked.
  "--disable-popup-blocking",
  // The tests may run as root, which Chromium's sandbox does not allow; the pages are the tests' own.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

async function startChromium(profile: string): Promise<{ process: ChildProcess; url: string }> {
  const child = spawn(chromiumPath, [...chromiumArguments, `--user-data-dir=${profile}`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`Chromium ended with ${code}: ${said}`)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const url = /DevTools listening on (ws:\/\/\S+)/.exec(said)?.[1];
      if (url) resolve({ process: child, url });
    });
  });
}

/** Sends functions to the main process and brings back their answers. */
function questioner(main: ChildProcess): DesktopApp["evaluate"] {
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let nextId = 0;
  main.on("message", ({ id, value, error }: { id: number; value: never; error?: string }) => {
    const waiting = pending.get(id);
    pending.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  });
  main.on("exit", () => {
    for (const { reject } of pending.values()) reject(new Error("the main process has ended"));
  });
  return (work, argument) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      pending.set(id, { resolve, reject });
      main.send({ id, source: work.toString(), argument });
    });
}

async function findPage(browserUrl: string, exited: Promise<unknown>): Promise<Page> {
  const browser = await chromium.connectOverCDP(browserUrl);
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  while (!ended) {
    const pages = browser.contexts().flatMap((context) => context.pages());
    const page = pages.find((candidate) => candidate.url().includes(".app.invalid/"));
    if (page) return page;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("the main process ended before it showed a window");
}

function startMain(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const runner = join(import.meta.dirname, "runner.ts");
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", runner, ...args], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, ...env, ELECTRON_DOUBLE_ROOT: root },
  });
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  const [code]: (number | null)[] = await once(child, "exit");
  return code ?? null;
}

async function launch({ home, args = [], env = {} }: LaunchOptions): Promise<DesktopApp> {
  const browser = await startChromium(join(home, "chromium"));
  const main = startMain(["--home", home, ...args], { ...env, ELECTRON_DOUBLE_CHROMIUM: browser.url });
  let output = "";
  for (const stream of [main.stdout, main.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const exited = exitCode(main);
  const browserExited = exitCode(browser.process);
  void exited.then(() => browser.process.kill());
  let first: Promise<Page> | undefined;
  return {
    evaluate: questioner(main),
    firstWindow() {
      first ??= findPage(browser.url, exited).catch((cause: unknown) => {
        throw new Error(`the app showed no window; it wrote: ${output}`, { cause });
      });
      return first;
    },
    output: () => output,
    exited,
    async close() {
      main.kill();
      const timer = setTimeout(() => main.kill("SIGKILL"), 5000);
      await exited;
      clearTimeout(timer);
      await browserExited;
    },
  };
}

/** Plain Node with the double of Electron, and Chromium. */
export const double: Host = {
  name: "the double",
  missing: existsSync(chromiumPath) ? undefined : `${chromiumPath} is not installed`,
  launch,
  launchSecond: (home) => exitCode(startMain(["--home", home], {})),
};

import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Electron from "electron";
import { preventable } from "./events.ts";
import { claimInstance } from "./single-instance.ts";

type PathName = Parameters<Electron.App["getPath"]>[0];

/** Stands for Electron's `app`: the order of its events is what the double is about. */
class AppDouble extends EventEmitter {
  readonly isPackaged = false;
  readonly name = "Longshore";
  readonly #root: string;
  readonly #paths = new Map<string, string>();
  readonly #ready: Promise<void>;
  #becomeReady = (): void => {};
  #isReady = false;
  /** Asks each window to close; false where one refuses. The window module sets it, as it imports this one. */
  closeWindows = (): boolean => true;

  constructor(root: string) {
    super();
    this.#root = root;
    this.#ready = new Promise((resolve) => {
      this.#becomeReady = resolve;
    });
  }

  /** Called once the entry module has been evaluated: Electron waits for that too. */
  start(): void {
    this.#isReady = true;
    this.#becomeReady();
    this.emit("ready");
  }

  whenReady = (): Promise<void> => this.#ready;
  isReady = (): boolean => this.#isReady;
  getAppPath = (): string => this.#root;
  getName = (): string => this.name;

  getVersion(): string {
    const { version }: { version: string } = JSON.parse(readFileSync(join(this.#root, "package.json"), "utf8"));
    return version;
  }

  getPath(name: PathName): string {
    return this.#paths.get(name) ?? tmpdir();
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  /** The double's Chromium decides on its own sandbox; the product's setting is checked where the call is made. */
  enableSandbox(): void {
    if (this.#isReady) throw new Error("app.enableSandbox() can only be called before app is ready");
  }

  requestSingleInstanceLock(): boolean {
    return claimInstance(this.getPath("userData"), (argv) => this.emit("second-instance", preventable({}), argv, ""));
  }

  quit(): void {
    if (!this.#ask("before-quit") || !this.closeWindows() || !this.#ask("will-quit")) return;
    this.emit("quit", {}, 0);
    process.exit(0);
  }

  exit(code = 0): void {
    process.exit(code);
  }

  #ask(name: string): boolean {
    const event = preventable({});
    this.emit(name, event);
    return !event.defaultPrevented;
  }
}

export const app = new AppDouble(process.env.ELECTRON_DOUBLE_ROOT ?? process.cwd());

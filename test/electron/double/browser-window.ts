import { EventEmitter } from "node:events";
import type Electron from "electron";
import { app } from "./app.ts";
import { connectChromium } from "./chromium.ts";
import { preventable } from "./events.ts";
import { type SessionDouble, session } from "./session.ts";
import { WebContentsDouble } from "./web-contents.ts";

type Rectangle = Electron.Rectangle;

const windows = new Set<BrowserWindow>();

/** Stands for Electron's `BrowserWindow`: a model of the window around a real page. */
export class BrowserWindow extends EventEmitter {
  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  static fromWebContents(contents: WebContentsDouble): BrowserWindow | null {
    return [...windows].find(({ webContents }) => webContents === contents) ?? null;
  }

  readonly webContents: WebContentsDouble;
  #bounds: Rectangle;
  #visible: boolean;
  #focused = false;
  #minimized = false;
  #maximized = false;
  #destroyed = false;
  #background: string;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    const { x = 0, y = 0, width = 800, height = 600, show = true, backgroundColor = "#ffffff" } = options;
    this.#bounds = { x, y, width, height };
    this.#visible = show;
    this.#background = backgroundColor;
    const preferences = options.webPreferences ?? {};
    const own: SessionDouble = preferences.partition
      ? session.fromPartition(preferences.partition)
      : session.defaultSession;
    this.webContents = new WebContentsDouble({
      connection: connectChromium(),
      session: own,
      preferences,
      size: { width, height },
    });
    windows.add(this);
    this.webContents.once("did-finish-load", () => this.emit("ready-to-show"));
    app.emit("web-contents-created", {}, this.webContents);
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  show(): void {
    this.#visible = true;
    this.focus();
    this.emit("show");
  }

  hide(): void {
    this.#visible = false;
    this.#focused = false;
    this.emit("hide");
  }

  focus(): void {
    for (const window of windows) window.#focused = window === this;
    this.emit("focus");
  }

  blur(): void {
    this.#focused = false;
    this.emit("blur");
  }

  minimize(): void {
    this.#minimized = true;
  }

  restore(): void {
    this.#minimized = false;
  }

  maximize(): void {
    this.#maximized = true;
    this.#visible = true;
  }

  isVisible = (): boolean => this.#visible;
  isFocused = (): boolean => this.#focused;
  isMinimized = (): boolean => this.#minimized;
  isMaximized = (): boolean => this.#maximized;
  isDestroyed = (): boolean => this.#destroyed;
  getBounds = (): Rectangle => ({ ...this.#bounds });
  getNormalBounds = (): Rectangle => ({ ...this.#bounds });
  getTitle = (): string => this.webContents.getTitle();
  getBackgroundColor = (): string => this.#background;

  setBackgroundColor(colour: string): void {
    this.#background = colour;
  }

  setBounds(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    const { width, height } = this.#bounds;
    void this.webContents.resize({ width, height });
    this.emit("move");
    this.emit("resize");
  }

  close(): void {
    const event = preventable({});
    this.emit("close", event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    windows.delete(this);
    // The browser may have ended already.
    void this.webContents.closePage().catch(() => {});
    this.emit("closed");
  }
}

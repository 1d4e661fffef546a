import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import type Electron from "electron";
import type { CdpConnection, CdpSession } from "./cdp.ts";
import { ownTargetUrl } from "./chromium.ts";
import { preventable } from "./events.ts";
import { ipcMain } from "./ipc-main.ts";
import { guardRequests } from "./navigation.ts";
import { hostPreload } from "./preload-host.ts";
import type { SessionDouble } from "./session.ts";
import { originOf, toAppUrl, toBrowserUrl } from "./urls.ts";

type OpenHandler = Parameters<Electron.WebContents["setWindowOpenHandler"]>[0];

interface Frame {
  readonly url: string;
  readonly origin: string;
  readonly parent: Frame | null;
}

export interface ContentsOptions {
  readonly connection: Promise<CdpConnection>;
  readonly session: SessionDouble;
  readonly preferences: Electron.WebPreferences;
  readonly size: { readonly width: number; readonly height: number };
}

/** Stands for Electron's `webContents`: a page of Chromium, driven over its debugging protocol. */
export class WebContentsDouble extends EventEmitter {
  readonly session: SessionDouble;
  readonly #options: ContentsOptions;
  readonly #ready: Promise<{ connection: CdpConnection; cdp: CdpSession; targetId: string }>;
  #url = "";
  #title = "";
  #mainFrameId = "";
  #parents = new Map<string, string | undefined>();
  #urls = new Map<string, string>();
  #ownLoad = false;
  #crashed = false;
  #openHandler: OpenHandler | undefined;
  #loaded: ((error?: Error) => void)[] = [];

  constructor(options: ContentsOptions) {
    super();
    this.#options = options;
    this.session = options.session;
    this.#ready = this.#attach();
    // Who waits for the page hears of a failure; nobody need wait.
    this.#ready.catch(() => {});
  }

  async #attach(): Promise<{ connection: CdpConnection; cdp: CdpSession; targetId: string }> {
    const { session, preferences, size } = this.#options;
    const connection = await this.#options.connection;
    const browserContextId = await session.context(connection);
    const { targetId } = await connection.browser.send("Target.createTarget", {
      url: ownTargetUrl,
      ...(browserContextId ? { browserContextId } : {}),
    });
    this.#mainFrameId = targetId;
    const { sessionId } = await connection.browser.send("Target.attachToTarget", { targetId, flatten: true });
    const cdp = connection.session(sessionId);
    this.#listen(cdp);
    await cdp.send("Page.enable");
    await cdp.send("Inspector.enable");
    await cdp.send("Emulation.setDeviceMetricsOverride", { ...size, deviceScaleFactor: 1, mobile: false });
    if (preferences.preload) {
      await hostPreload({
        cdp,
        source: readFileSync(preferences.preload, "utf8"),
        inSubFrames: preferences.nodeIntegrationInSubFrames === true,
        onIpc: (frameId, channel, { message, ports }) =>
          ipcMain.emit(channel, { sender: this, senderFrame: this.#frame(frameId), ports }, message),
      });
    }
    await guardRequests({
      cdp,
      session,
      mainFrameId: () => this.#mainFrameId,
      takeOwnLoad: () => {
        const own = this.#ownLoad;
        this.#ownLoad = false;
        return own;
      },
      ask: (name, details) => {
        const event = preventable(details);
        this.emit(name, event);
        return event.defaultPrevented;
      },
    });
    return { connection, cdp, targetId };
  }

  #listen(cdp: CdpSession): void {
    cdp.on("Page.frameNavigated", ({ frame }) => {
      this.#parents.set(frame.id, frame.parentId);
      this.#urls.set(frame.id, toAppUrl(frame.url));
      if (frame.id === this.#mainFrameId) this.#navigated(toAppUrl(`${frame.url}${frame.urlFragment ?? ""}`));
    });
    cdp.on("Page.navigatedWithinDocument", ({ frameId, url }) => {
      if (frameId === this.#mainFrameId) this.#url = toAppUrl(url);
    });
    cdp.on("Page.frameDetached", ({ frameId }) => this.#urls.delete(frameId));
    cdp.on("Page.loadEventFired", () => void this.#finish());
    cdp.on("Page.windowOpen", ({ url }) => {
      const details = { url: toAppUrl(url), frameName: "", features: "", disposition: "new-window" } as never;
      const { action } = this.#openHandler?.(details) ?? { action: "allow" };
      if (action === "allow") throw new Error(`the double opens no second window, yet ${url} was allowed`);
    });
    cdp.on("Inspector.targetCrashed", () => {
      this.#crashed = true;
      this.emit("render-process-gone", preventable({}), { reason: "crashed", exitCode: 5 });
    });
  }

  #navigated(url: string): void {
    this.#url = url;
    this.#crashed = false;
    this.emit("did-navigate", preventable({}), url);
  }

  async #finish(): Promise<void> {
    this.#title = String(await this.executeJavaScript("document.title"));
    for (const settle of this.#loaded.splice(0)) settle();
    this.emit("did-finish-load");
  }

  #frame(frameId: string): Frame {
    const url = this.#urls.get(frameId) ?? "";
    const parent = this.#parents.get(frameId);
    return { url, origin: originOf(url), parent: parent === undefined ? null : this.#frame(parent) };
  }

  async loadURL(url: string): Promise<void> {
    const { connection, cdp } = await this.#ready;
    await this.session.applyPermissions(connection, url);
    const withinDocument = url.includes("#") && url.split("#", 1)[0] === this.#url.split("#", 1)[0];
    this.#ownLoad = !withinDocument;
    const loaded = withinDocument ? Promise.resolve() : this.#nextLoad();
    const { errorText } = await cdp.send("Page.navigate", { url: toBrowserUrl(url) });
    if (errorText) throw new Error(`${errorText} loading '${url}'`);
    await loaded;
  }

  #nextLoad(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#loaded.push((error) => (error ? reject(error) : resolve()));
    });
  }

  reload(): void {
    this.#ownLoad = true;
    void this.#ready.then(({ cdp }) => cdp.send("Page.reload")).catch(() => {});
  }

  async executeJavaScript(code: string): Promise<unknown> {
    const { cdp } = await this.#ready;
    const { result, exceptionDetails } = await cdp.send("Runtime.evaluate", {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  forcefullyCrashRenderer(): void {
    // The answer is an error: who would give it has crashed.
    void this.#ready.then(({ cdp }) => cdp.send("Page.crash")).catch(() => {});
  }

  isCrashed(): boolean {
    return this.#crashed;
  }

  getURL(): string {
    return this.#url;
  }

  getTitle(): string {
    return this.#title;
  }

  async resize(size: { width: number; height: number }): Promise<void> {
    const { cdp } = await this.#ready;
    await cdp.send("Emulation.setDeviceMetricsOverride", { ...size, deviceScaleFactor: 1, mobile: false });
  }

  async closePage(): Promise<void> {
    const { connection, targetId } = await this.#ready;
    await connection.browser.send("Target.closeTarget", { targetId });
  }
}

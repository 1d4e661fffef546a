import type Electron from "electron";
import type { CdpConnection } from "./cdp.ts";
import { knowScheme, originOf, schemeOf, toAppUrl, toBrowserUrl } from "./urls.ts";

type CheckHandler = Parameters<Electron.Session["setPermissionCheckHandler"]>[0];
type RequestHandler = Parameters<Electron.Session["setPermissionRequestHandler"]>[0];
type BeforeRequest = (details: { url: string }, callback: (response: Electron.CallbackResponse) => void) => void;
type ProtocolHandler = (request: Request) => Response | Promise<Response>;

/** Chromium's names for what Electron's permission handlers are asked, as far as its debugging protocol knows them. */
const permissionNames: Readonly<Record<string, string>> = {
  geolocation: "geolocation",
  notifications: "notifications",
  camera: "media",
  microphone: "media",
  midi: "midi",
  "clipboard-read": "clipboard-read",
  "clipboard-write": "clipboard-sanitized-write",
  "persistent-storage": "persistent-storage",
  "idle-detection": "idle-detection",
  "screen-wake-lock": "screen-wake-lock",
  "storage-access": "storage-access",
  "local-fonts": "local-fonts",
  "window-management": "window-management",
};

function matches(pattern: string, url: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${source}$`, "i").test(url);
}

class WebRequestDouble {
  #urls: readonly string[] = [];
  #listener: BeforeRequest | undefined;

  onBeforeRequest(filter: Electron.WebRequestFilter, listener: BeforeRequest): void {
    this.#urls = filter.urls ?? [];
    this.#listener = listener;
  }

  async isCancelled(url: string): Promise<boolean> {
    const listener = this.#listener;
    if (!listener || !this.#urls.some((pattern) => matches(pattern, url))) return false;
    return new Promise((resolve) => listener({ url }, ({ cancel }) => resolve(cancel === true)));
  }
}

class ProtocolDouble {
  readonly #handlers = new Map<string, ProtocolHandler>();

  handle(scheme: string, handler: ProtocolHandler): void {
    knowScheme(scheme);
    this.#handlers.set(scheme, handler);
  }

  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme);
  }

  handlerOf(url: string): ProtocolHandler | undefined {
    return this.#handlers.get(schemeOf(url));
  }
}

export class SessionDouble {
  readonly protocol = new ProtocolDouble();
  readonly webRequest = new WebRequestDouble();
  readonly partition: string;
  #context: Promise<string | undefined> | undefined;
  #check: CheckHandler = null;
  #request: RequestHandler = null;

  constructor(partition: string) {
    this.partition = partition;
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.#check = handler;
  }

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.#request = handler;
  }

  /** No page of the double can reach a device or a screen, so these have nothing to decide. */
  setDevicePermissionHandler(): void {}
  setDisplayMediaRequestHandler(): void {}

  /** Fetches an address of one of the app's own schemes, as `session.fetch` does. */
  async fetch(url: string): Promise<Response> {
    const handler = this.protocol.handlerOf(url);
    if (!handler) throw new Error(`net::ERR_UNKNOWN_URL_SCHEME ${url}`);
    return handler(new Request(url));
  }

  /** The browser context of this partition; undefined is the browser's own. */
  context(connection: CdpConnection): Promise<string | undefined> {
    this.#context ??= this.partition
      ? connection.browser.send("Target.createBrowserContext").then(({ browserContextId }) => browserContextId)
      : Promise.resolve(undefined);
    return this.#context;
  }

  #isGranted(permission: string, origin: string): boolean {
    // The double asks for a permission that is denied or not known to either handler; only names travel here.
    const name = permission as Parameters<NonNullable<CheckHandler>>[1];
    const details = { isMainFrame: true, requestingUrl: `${origin}/` } as never;
    if (this.#check && !this.#check(null, name, `${origin}/`, details)) return false;
    let granted = this.#check !== null;
    const contents = { getURL: () => `${origin}/` } as Electron.WebContents;
    const answer = (allowed: boolean): void => {
      granted = allowed;
    };
    // The two handlers list the same names, but for a few that Chromium's debugging protocol does not know.
    this.#request?.(contents, name as Parameters<NonNullable<RequestHandler>>[1], answer, details);
    return granted;
  }

  /** Makes Chromium answer each permission for an origin as the handlers do. Without handlers Electron grants all. */
  async applyPermissions(connection: CdpConnection, url: string): Promise<void> {
    const origin = originOf(toAppUrl(url));
    const browserContextId = await this.context(connection);
    const unset = !this.#check && !this.#request;
    if (origin === "null" || !/^https?:/.test(toBrowserUrl(origin))) return;
    for (const [name, permission] of Object.entries(permissionNames)) {
      const setting = unset || this.#isGranted(permission, origin) ? "granted" : "denied";
      await connection.browser.send("Browser.setPermission", {
        permission: { name },
        setting,
        origin: toBrowserUrl(origin),
        ...(browserContextId ? { browserContextId } : {}),
      });
    }
  }
}

const sessions = new Map<string, SessionDouble>();

function fromPartition(partition: string): SessionDouble {
  const known = sessions.get(partition) ?? new SessionDouble(partition);
  sessions.set(partition, known);
  return known;
}

export const session = { defaultSession: fromPartition(""), fromPartition };

import type { Protocol } from "../../../node_modules/playwright-core/types/protocol.d.ts";
import type { CdpSession } from "./cdp.ts";
import type { SessionDouble } from "./session.ts";
import { toAppUrl } from "./urls.ts";

type Paused = Protocol.Fetch.requestPausedPayload;

/** Asks the app's listeners; true where one of them prevented the event. */
export type AskNavigation = (
  event: "will-frame-navigate" | "will-redirect",
  details: { url: string; isMainFrame: boolean },
) => boolean;

interface RequestGate {
  readonly cdp: CdpSession;
  readonly session: SessionDouble;
  readonly mainFrameId: () => string;
  /** True once for a navigation that the app itself started; those raise no event. */
  readonly takeOwnLoad: () => boolean;
  readonly ask: AskNavigation;
}

async function fulfill(cdp: CdpSession, requestId: string, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer()).toString("base64");
  const responseHeaders = [...response.headers].map(([name, value]) => ({ name, value }));
  await cdp.send("Fetch.fulfillRequest", { requestId, responseCode: response.status, responseHeaders, body });
}

function isPrevented(paused: Paused, { mainFrameId, takeOwnLoad, ask }: RequestGate): boolean {
  if (paused.resourceType !== "Document") return false;
  const details = { url: toAppUrl(paused.request.url), isMainFrame: paused.frameId === mainFrameId() };
  if (paused.redirectedRequestId) return ask("will-redirect", details);
  if (details.isMainFrame && takeOwnLoad()) return false;
  return ask("will-frame-navigate", details);
}

/** Stands between a page and all that it loads, like Electron's navigation events, web requests and protocols. */
export async function guardRequests(gate: RequestGate): Promise<void> {
  const { cdp, session } = gate;
  async function settle(paused: Paused): Promise<void> {
    const { requestId } = paused;
    const url = toAppUrl(paused.request.url);
    const deny = (errorReason: "Aborted" | "BlockedByClient") =>
      cdp.send("Fetch.failRequest", { requestId, errorReason });
    if (isPrevented(paused, gate)) return void (await deny("Aborted"));
    if (await session.webRequest.isCancelled(url)) return void (await deny("BlockedByClient"));
    const handler = session.protocol.handlerOf(url);
    if (!handler) return void (await cdp.send("Fetch.continueRequest", { requestId }));
    const { method, headers } = paused.request;
    await fulfill(cdp, requestId, await handler(new Request(url, { method, headers })));
  }
  cdp.on("Fetch.requestPaused", (paused) => {
    // A page that is closed in the meantime takes its requests with it.
    settle(paused).catch(() => {});
  });
  await cdp.send("Fetch.enable", { patterns: [{ urlPattern: "*", requestStage: "Request" }] });
}

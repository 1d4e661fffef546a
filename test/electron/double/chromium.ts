import { CdpConnection } from "./cdp.ts";

let connection: Promise<CdpConnection> | undefined;

/** The address with which the double makes its own pages, so that they can be told from windows that pages open. */
export const ownTargetUrl = "about:blank#electron-double";

async function open(): Promise<CdpConnection> {
  const opened = await CdpConnection.open(process.env.ELECTRON_DOUBLE_CHROMIUM ?? "");
  const { browser } = opened;
  browser.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
    // Stopped before its first request, and ended there: the app denies every window that a page opens.
    const own = targetInfo.url === ownTargetUrl;
    const settled = own
      ? opened.session(sessionId).send("Runtime.runIfWaitingForDebugger")
      : browser.send("Target.closeTarget", { targetId: targetInfo.targetId });
    settled.catch(() => {});
  });
  const filter = [{ type: "page" }];
  await browser.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true, filter });
  return opened;
}

/** The Chromium that shows the app's pages; whoever starts the double starts it and says where it is. */
export function connectChromium(): Promise<CdpConnection> {
  connection ??= open();
  return connection;
}

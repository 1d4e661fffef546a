import { CdpConnection } from "./cdp.ts";

let connection: Promise<CdpConnection> | undefined;

/** The address with which the double makes its own pages, so that they can be told from windows that pages open. */
export const ownTargetUrl = "about:blank#electron-double";

async function open(): Promise<CdpConnection> {
  const opened = await CdpConnection.open(process.env.ELECTRON_DOUBLE_CHROMIUM ?? "");
  const { browser } = opened;
  browser.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
    const session = opened.session(sessionId);
    const start = (): Promise<unknown> => session.send("Runtime.runIfWaitingForDebugger");
    // The app denies every window that a page opens. One is let go on before it is closed, for it may share its process
    // with the page that opened it, and would hold that up for good; none of its requests leaves the browser.
    const deny = async (): Promise<void> => {
      await Promise.all([session.send("Fetch.enable", { patterns: [{ urlPattern: "*" }] }), start()]);
      await browser.send("Target.closeTarget", { targetId: targetInfo.targetId });
    };
    const settled = targetInfo.url === ownTargetUrl ? start() : deny();
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

import type { App, WebContents } from "electron";
import { appUrl } from "./app-protocol.ts";

interface NavigationPolicy {
  /** Called with the address of a link that wants a window of its own; decides by itself what may be opened. */
  readonly openExternal: (url: string) => Promise<void>;
  readonly onDenied: (what: string, url: string) => void;
}

/** The page may load itself anew (reload, the way back from the safe page) and change its hash; nothing else. */
function isOwnPage(url: string): boolean {
  return url === appUrl || url.startsWith(`${appUrl}#`);
}

function lockContents(contents: WebContents, { openExternal, onDenied }: NavigationPolicy): void {
  contents.on("will-frame-navigate", (event) => {
    if (event.isMainFrame && isOwnPage(event.url)) return;
    event.preventDefault();
    onDenied("navigation", event.url);
  });
  contents.on("will-redirect", (event) => {
    event.preventDefault();
    onDenied("redirect", event.url);
  });
  contents.on("will-attach-webview", (event) => {
    event.preventDefault();
    onDenied("webview", contents.getURL());
  });
  contents.setWindowOpenHandler(({ url }) => {
    void openExternal(url);
    return { action: "deny" };
  });
}

/** Locks every page of the app, those included that are made later. */
export function lockNavigation(app: App, policy: NavigationPolicy): void {
  app.on("web-contents-created", (_event, contents) => lockContents(contents, policy));
}

import type { Session } from "electron";
import { desktopOrigin } from "#contract/desktop.ts";

/** Copying text is all that a screen ever asks the browser for. */
const granted: ReadonlySet<string> = new Set(["clipboard-sanitized-write"]);

/** The page's own files come by the app's scheme; nothing that it asks of a network or of the disk is ours. */
const foreignUrls = ["http://*/*", "https://*/*", "ws://*/*", "wss://*/*", "ftp://*/*", "file://*/*"];

function originOf(url: string): string {
  // Origins of custom schemes are opaque to the URL parser, so scheme and host are put together here.
  if (!URL.canParse(url)) return "";
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** Denies every permission but clipboard writes, every device, every screen capture and all network traffic. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, callback) =>
    callback(granted.has(permission) && originOf(contents.getURL()) === desktopOrigin),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, requestingOrigin) =>
      granted.has(permission) && originOf(requestingOrigin) === desktopOrigin,
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}));
  session.webRequest.onBeforeRequest({ urls: foreignUrls }, (_details, callback) => callback({ cancel: true }));
}

import { AppError } from "#contract/errors.ts";

const localNames = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** White space, control and format characters, and what a browser would take for a slash. */
const unprintable = /[\s\p{C}\\]/u;

/**
 * The canonical form of a URL that may be handed to the user's browser: https, or http to a port of this machine.
 * Whatever else a link in a log or a label may hold (`file:`, `smb:`, `javascript:`, an application's own scheme) could
 * start a program. Errors: bad_request.
 */
export function allowedUrl(text: string): string {
  const url = unprintable.test(text) ? null : URL.parse(text);
  const isSecure = url?.protocol === "https:" && url.hostname !== "";
  const isLocal = url?.protocol === "http:" && localNames.has(url.hostname);
  if (url && (isSecure || isLocal) && url.username === "" && url.password === "") return url.href;
  const shown = text.slice(0, 100);
  const rule = "Longshore opens https addresses, and http addresses of this machine.";
  throw new AppError("bad_request", `"${shown}" was not opened. ${rule}`);
}

import type { IncomingMessage } from "node:http";

/** Why a request is refused before anything looks at it, or undefined. */
export function refusal(request: IncomingMessage, port: number): string | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin } = request.headers;
  // An exact Host keeps out names that were rebound to this machine.
  if (host === undefined || !hosts.includes(host)) return "unknown host";
  // Browsers send an Origin with every request that another site could make us act on.
  if (origin !== undefined && origin !== `http://${host}`) return "unknown origin";
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return "another site";
  return undefined;
}

/** Cookies are shared by all ports of a host, so each server names its own. */
export function cookieName(port: number): string {
  return `longshore-${port}`;
}

/** The session cookie of a request, or undefined. */
export function readCookie(request: IncomingMessage, port: number): string | undefined {
  const prefix = `${cookieName(port)}=`;
  const pairs = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
}

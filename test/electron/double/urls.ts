/**
 * Chromium's debugging protocol cannot serve a scheme that Chromium does not know. The double shows such an address to
 * Chromium as `https://<host>.<scheme>.invalid` and to the app as what it is.
 */
const known = new Set<string>();

export function knowScheme(scheme: string): void {
  known.add(scheme);
}

/** The address that Chromium sees. */
export function toBrowserUrl(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(url);
  const [, scheme = "", host = "", rest = ""] = match ?? [];
  return known.has(scheme) ? `https://${host}.${scheme}.invalid${rest}` : url;
}

/** The address that the app sees. */
export function toAppUrl(url: string): string {
  const match = /^https:\/\/([^/?#]*)\.([a-z0-9+-]+)\.invalid(.*)$/s.exec(url);
  const [, host = "", scheme = "", rest = ""] = match ?? [];
  return known.has(scheme) ? `${scheme}://${host}${rest}` : url;
}

/** The origin of an address as the app sees it: `scheme://host`, or `null` for one without a host. */
export function originOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+/i.exec(url)?.[0] ?? "null";
}

export function schemeOf(url: string): string {
  return url.slice(0, url.indexOf(":"));
}

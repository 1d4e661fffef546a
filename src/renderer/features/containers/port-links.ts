import type { PortBinding } from "#contract";
import { portUrl } from "../../lib/external.ts";

export interface PortLink {
  /** `8080→80/tcp`, or `80/tcp` where it is not published. */
  readonly text: string;
  readonly address: string | undefined;
  readonly url: string | undefined;
}

const anyAddress = new Set([undefined, "", "0.0.0.0", "::"]);

/** Ports as links: the same port on IPv4 and IPv6 is one; published ones first, then by number. */
export function portLinks(ports: readonly PortBinding[]): readonly PortLink[] {
  const links = new Map<string, PortLink & { readonly order: number }>();
  for (const port of ports) {
    const { privatePort, publicPort, hostIp, protocol } = port;
    const suffix = protocol === "tcp" ? "" : `/${protocol}`;
    const host = anyAddress.has(hostIp) ? "" : `${hostIp?.includes(":") ? `[${hostIp}]` : hostIp}:`;
    const text =
      publicPort === undefined ? `${privatePort}/${protocol}` : `${host}${publicPort}→${privatePort}${suffix}`;
    const address = publicPort === undefined ? undefined : `${host || "localhost:"}${publicPort}`;
    const order = publicPort ?? 100_000 + privatePort;
    if (!links.has(text)) links.set(text, { text, address, url: portUrl(port), order });
  }
  return [...links.values()].sort((one, other) => one.order - other.order);
}

import { AppError } from "#contract/errors.ts";
import type { Address, TlsMaterial } from "./address.ts";

const plainPort = 2375;
const tlsPort = 2376;

function invalid(given: string, origin: string): AppError {
  const forms =
    "unix:///path/docker.sock, npipe:////./pipe/name, tcp://host:port, https://host:port or ssh://user@host";
  return new AppError("bad_request", `${origin} is "${given}", which is no engine address. Use ${forms}.`);
}

/** `unix:///x` and `npipe:////./pipe/x` are no real URLs: what follows the scheme is the path. */
function pathOf(given: string, scheme: string, origin: string): string {
  const path = given.slice(scheme.length);
  if (!path.startsWith("/")) throw invalid(given, origin);
  return path;
}

function pipePath(given: string, origin: string): string {
  const path = given.slice("npipe://".length).replaceAll("/", "\\");
  if (!path.startsWith("\\\\")) throw invalid(given, origin);
  return path;
}

function parseUrl(given: string, origin: string): URL {
  try {
    const url = new URL(given);
    if (url.hostname === "") throw invalid(given, origin);
    return url;
  } catch {
    throw invalid(given, origin);
  }
}

function unbracketed(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

/** A scheme of our own choosing makes `new URL` parse host and port the same way for all network schemes. */
function networkUrl(given: string, origin: string): URL {
  const url = parseUrl(given.replace(/^(tcp|https?|ssh):/, "ws-engine:"), origin);
  if (url.search !== "" || url.hash !== "" || url.password !== "") throw invalid(given, origin);
  return url;
}

function tcpAddress(given: string, { tls, origin }: { tls: TlsMaterial | undefined; origin: string }): Address {
  const url = networkUrl(given, origin);
  if (url.pathname !== "" && url.pathname !== "/") throw invalid(given, origin);
  const port = url.port === "" ? (tls ? tlsPort : plainPort) : Number(url.port);
  const address = { kind: "tcp", hostname: unbracketed(url.hostname), port } as const;
  return tls ? { ...address, tls } : address;
}

function sshAddress(given: string, origin: string): Address {
  const url = networkUrl(given, origin);
  const hostname = unbracketed(url.hostname);
  const user = decodeURIComponent(url.username);
  // ssh would take a leading dash for an option.
  if (hostname.startsWith("-") || user.startsWith("-")) throw invalid(given, origin);
  return {
    kind: "ssh",
    hostname,
    ...(user === "" ? {} : { user }),
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    ...(url.pathname.length > 1 ? { socket: decodeURIComponent(url.pathname) } : {}),
  };
}

/** Adds the scheme that people leave out: a path means a socket, `host:port` means tcp. */
function withScheme(given: string): string {
  if (given.startsWith("/")) return `unix://${given}`;
  return /^[A-Za-z0-9.-]+:\d+$/.test(given) ? `tcp://${given}` : given;
}

export interface DockerHost {
  /** The address as a URL, with its scheme. */
  readonly host: string;
  readonly address: Address;
  /** True where anyone on the way can read and command the engine. */
  readonly insecure: boolean;
}

/**
 * A Docker host URL, as DOCKER_HOST, `docker context` and `--engine` take it. `tls` applies to tcp and https; https
 * without it uses the system's authorities. Errors: bad_request, with `origin` naming who said it.
 */
export function parseDockerHost(
  text: string,
  { tls, origin }: { tls?: TlsMaterial | undefined; origin: string },
): DockerHost {
  const host = withScheme(text.trim());
  const scheme = /^([a-z]+):\/\//.exec(host)?.[1] ?? "";
  switch (scheme) {
    case "unix":
      return { host, address: { kind: "socket", path: pathOf(host, "unix://", origin) }, insecure: false };
    case "npipe":
      return { host, address: { kind: "socket", path: pipePath(host, origin) }, insecure: false };
    case "ssh":
      return { host, address: sshAddress(host, origin), insecure: false };
    case "tcp":
    case "http":
    case "https": {
      const material = tls ?? (scheme === "https" ? { verify: true } : undefined);
      return { host, address: tcpAddress(host, { tls: material, origin }), insecure: !material?.verify };
    }
    default:
      throw invalid(text, origin);
  }
}

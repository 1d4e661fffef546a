import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { z } from "zod";
import type { RunRequest, TakenPort } from "#contract";
import { getList } from "./listing.ts";
import type { Session } from "./session.ts";

type Protocol = RunRequest["ports"][number]["protocol"];

const rawContainer = z.object({
  Names: z.array(z.string()).nullish(),
  Ports: z.array(z.object({ PublicPort: z.number().optional(), Type: z.string().optional() })).nullish(),
});

/** What containers hold already. */
export interface Taken {
  readonly names: ReadonlySet<string>;
  /** Name of the container by `port/protocol` of the host. */
  readonly ports: Map<string, string>;
  /** The engine publishes on this machine, whose other programs hold ports too. */
  readonly onThisMachine: boolean;
}

export async function readTaken(session: Session, signal: AbortSignal): Promise<Taken> {
  const about = { verb: "list the containers of", kind: "engine" } as const;
  const request = { about, path: "/containers/json", query: { all: true }, signal };
  const { items } = await getList(session.http, request, (item) => rawContainer.safeParse(item).data);
  const names = new Set<string>();
  const ports = new Map<string, string>();
  for (const container of items) {
    const name = (container.Names?.[0] ?? "").replace(/^\//, "");
    names.add(name);
    for (const { PublicPort: port, Type: type } of container.Ports ?? []) {
      if (port !== undefined) ports.set(`${port}/${type ?? "tcp"}`, name);
    }
  }
  return { names, ports, onThisMachine: /^(unix|npipe):/.test(session.endpoint.host) };
}

function letsListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "0.0.0.0", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function letsBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => resolve(false));
    socket.bind({ port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

async function isFree(port: number, protocol: Protocol, { ports, onThisMachine }: Taken): Promise<boolean> {
  if (ports.has(`${port}/${protocol}`)) return false;
  // Nothing here speaks SCTP.
  if (!onThisMachine || protocol === "sctp") return true;
  return protocol === "tcp" ? letsListen(port) : letsBind(port);
}

/** Ports below this need rights that the user's browser may not follow to; 80 becomes 8080. */
const firstPlainPort = 1024;
const portTries = 200;

async function nextFree(start: number, protocol: Protocol, taken: Taken): Promise<number | undefined> {
  for (let port = start; port < Math.min(start + portTries, 65_536); port += 1) {
    if (await isFree(port, protocol, taken)) return port;
  }
  return undefined;
}

/** The port itself where it is free, else the next free one above it. */
export function suggestHostPort(
  { containerPort, protocol }: { containerPort: number; protocol: Protocol },
  taken: Taken,
): Promise<number | undefined> {
  return nextFree(containerPort < firstPlainPort ? containerPort + 8000 : containerPort, protocol, taken);
}

/** Those of the ports that cannot be published now, by whom they are held where it is a container. */
export async function checkPorts(
  session: Session,
  wanted: readonly { port: number; protocol: Protocol }[],
  signal: AbortSignal,
): Promise<TakenPort[]> {
  const taken = await readTaken(session, signal);
  const found: TakenPort[] = [];
  for (const { port, protocol } of wanted) {
    if (await isFree(port, protocol, taken)) continue;
    const container = taken.ports.get(`${port}/${protocol}`);
    const free = await nextFree(Math.max(port + 1, firstPlainPort), protocol, taken);
    found.push({ port, protocol, ...(container ? { container } : {}), ...(free === undefined ? {} : { free }) });
  }
  return found;
}

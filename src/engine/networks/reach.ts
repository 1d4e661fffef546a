import type { ContainerDetails, Reachability } from "#contract";
import { AppError } from "#contract/errors.ts";
import { inspectContainer } from "../docker/containers.ts";
import type { Helper, Helpers } from "../docker/helper.ts";
import type { Session } from "../docker/session.ts";
import { sh } from "../docker/shell.ts";
import { describeReach } from "./reach-answer.ts";
import type { ReachFindings } from "./reach-findings.ts";
import { parseAddress } from "./subnet.ts";

export interface ReachRequest {
  readonly from: string;
  readonly to:
    | { readonly kind: "container"; readonly id: string; readonly alias?: string | undefined }
    | { readonly kind: "host"; readonly host: string };
  readonly port?: number | undefined;
  readonly signal: AbortSignal;
}

const stepDeadlineMs = 15_000;

/** Addresses in what busybox nslookup prints; those before `Name:` are the server's own. */
export function parseLookup(text: string): string[] {
  const answer = text
    .split(/^Name:/m)
    .slice(1)
    .join("\n");
  const found = [...answer.matchAll(/^Address(?: \d+)?:\s*(\S+)/gm)].map((match) => match[1] ?? "");
  return [...new Set(found)].filter((address) => parseAddress(address) !== undefined);
}

/** Addresses of a name in an `/etc/hosts`. */
export function parseHosts(text: string, name: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [address = "", ...names] = (line.split("#")[0] ?? "").trim().split(/\s+/);
    return names.includes(name) && parseAddress(address) ? [address] : [];
  });
}

/** The container's own files say how it resolves names; the helper shares them with its network. */
async function resolve(helper: Helper, host: string, signal: AbortSignal): Promise<string[]> {
  if (parseAddress(host)) return [host];
  const hosts = await helper.run(Buffer.from("cat /etc/hosts"), { signal });
  const fixed = parseHosts(hosts.stdout.toString("utf8"), host);
  if (fixed.length > 0) return fixed;
  const answer = await helper.run(sh`timeout 6 nslookup ${host}`, { signal, deadlineMs: stepDeadlineMs });
  const addresses = parseLookup(answer.stdout.toString("utf8"));
  return addresses.toSorted((a, b) => Number(a.includes(":")) - Number(b.includes(":")));
}

async function ping(helper: Helper, address: string, signal: AbortSignal): Promise<boolean> {
  const answer = await helper.run(sh`ping -c 1 -W 2 ${address}`, { signal, deadlineMs: stepDeadlineMs });
  return answer.status === 0;
}

async function connect(
  helper: Helper,
  { address, port }: { address: string; port: number },
  signal: AbortSignal,
): Promise<"ok" | "refused" | "timeout" | "unreachable"> {
  const answer = await helper.run(sh`timeout 4 nc -w 3 ${address} ${port}`, { signal, deadlineMs: stepDeadlineMs });
  if (answer.status === 0) return "ok";
  if (/refused/i.test(answer.stderr)) return "refused";
  if (/unreachable|no route/i.test(answer.stderr)) return "unreachable";
  // A peer that says nothing and keeps the line open was reached all the same: nc then waits until it is ended.
  if (answer.stderr === "" && answer.status === 143) return "ok";
  return "timeout";
}

const listenState = "0A";

const loopback4 = /^[0-9A-F]{6}7F$/;
const loopback6 = "00000000000000000000000001000000";
/** 127.0.0.11: Docker's own name server, which stands in every container's namespace. */
const dockerDns = "0B00007F";

/** Listening sockets in `/proc/net/tcp` and `/proc/net/tcp6`. */
export function parseListening(text: string): { port: number; loopbackOnly: boolean }[] {
  const found = new Map<number, boolean>();
  for (const line of text.split("\n")) {
    const [, local = "", , state = ""] = line.trim().split(/\s+/);
    const [address = "", port = ""] = local.split(":");
    if (state !== listenState || address === dockerDns) continue;
    const number = Number.parseInt(port, 16);
    const isLoopback = loopback4.test(address) || address === loopback6;
    found.set(number, (found.get(number) ?? true) && isLoopback);
  }
  return [...found].map(([port, loopbackOnly]) => ({ port, loopbackOnly }));
}

async function listeningIn(
  helpers: Helpers,
  target: ContainerDetails,
  signal: AbortSignal,
): Promise<{ port: number; loopbackOnly: boolean }[]> {
  const script = Buffer.from("cat /proc/net/tcp /proc/net/tcp6 2>/dev/null");
  const answer = await helpers.once({ network: `container:${target.id}`, signal }, script, { signal });
  return parseListening(answer.stdout.toString("latin1"));
}

function sharedNetworks(a: ContainerDetails, b: ContainerDetails): string[] {
  const names = new Set(b.networks.map(({ name }) => name));
  return a.networks.map(({ name }) => name).filter((name) => names.has(name) && name !== "none");
}

async function probe(
  helper: Helper,
  { host, port }: { host: string; port?: number | undefined },
  signal: AbortSignal,
): Promise<Pick<ReachFindings, "addresses" | "answersPing" | "connects">> {
  const addresses = await resolve(helper, host, signal);
  const [address] = addresses;
  if (address === undefined) return { addresses };
  const answersPing = await ping(helper, address, signal);
  if (port === undefined) return { addresses, answersPing };
  return { addresses, answersPing, connects: await connect(helper, { address, port }, signal) };
}

/** Tries to reach a container or a host from inside another container's network. Errors: not_found; conflict (stopped). */
export async function testReach(session: Session, helpers: Helpers, request: ReachRequest): Promise<Reachability> {
  const { to, port, signal } = request;
  const from = await inspectContainer(session, request.from, signal);
  if (from.state !== "running") {
    throw new AppError("conflict", `${from.name} is not running, so nothing can be tested from it. Start it first.`);
  }
  const target = to.kind === "container" ? await inspectContainer(session, to.id, signal) : undefined;
  const host = to.kind === "host" ? to.host : (to.alias ?? target?.name ?? to.id);
  const shared = target ? sharedNetworks(from, target) : [];
  const base = { from, host, port, sharedNetworks: shared, ...(target ? { target } : {}) };
  if (target && target.state !== "running") return describeReach({ ...base, addresses: [] });
  const helper = await helpers.start({ network: `container:${from.id}`, signal });
  try {
    const found = await probe(helper, { host, port }, signal);
    const failed = port !== undefined && found.connects !== "ok";
    const listening = target && failed ? await listeningIn(helpers, target, signal) : undefined;
    return describeReach({ ...base, ...found, ...(listening ? { listening } : {}) });
  } finally {
    await helper.close();
  }
}

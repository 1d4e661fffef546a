import { z } from "zod";
import type { NetworkMember, NetworkSummary } from "#contract";
import { toAppError } from "#contract/errors.ts";
import { Bell } from "../bell.ts";
import type { EngineConnection } from "../docker/connection.ts";
import { inspectContainer } from "../docker/containers.ts";
import { helperLabel } from "../docker/helper-label.ts";
import { inspectNetwork } from "../docker/networks.ts";
import type { Session } from "../docker/session.ts";

/** Inspected at once: the engine takes a millisecond for each. */
const atOnce = 16;
const coalesceMs = 100;

const listed = z.array(z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()).nullish() }));

const runningStates = new Set(["running", "paused", "restarting"]);

/** Ids of the containers on a network, running or not. */
async function memberIds(session: Session, { id, name }: NetworkSummary, signal?: AbortSignal): Promise<string[]> {
  const about = { verb: "list the members of", kind: "network", name } as const;
  // By its name as well: a container that never ran does not know its network's id.
  const query = { all: true, filters: { network: [id, name] } };
  const answer = await session.http.json({ about, path: "/containers/json", query, signal }, listed);
  return answer.filter(({ Labels: labels }) => labels?.[helperLabel] === undefined).map(({ Id }) => Id);
}

async function memberOf(session: Session, container: string, network: NetworkSummary): Promise<NetworkMember[]> {
  try {
    const { id, name, state, networks } = await inspectContainer(session, container);
    const attachment =
      networks.find(({ networkId }) => networkId === network.id) ??
      networks.find((other) => other.name === network.name);
    if (!attachment) return [];
    const { ipAddress, ipv6Address, macAddress, aliases } = attachment;
    // The engine adds the short id by itself; nobody calls a container by it.
    const own = aliases.filter((alias) => alias !== id.slice(0, 12) && alias !== name);
    return [{ id, name, running: runningStates.has(state), ipAddress, ipv6Address, macAddress, aliases: own }];
  } catch (error) {
    if (toAppError(error).code === "not_found") return [];
    throw error;
  }
}

interface Listing {
  readonly signal?: AbortSignal | undefined;
  /** Containers that an event has told of: dockerd 20.10 tells of a connection before its list does. */
  readonly heardOf?: Iterable<string>;
}

/** Members by name. */
export async function listMembers(
  session: Session,
  network: NetworkSummary,
  { signal, heardOf = [] }: Listing = {},
): Promise<NetworkMember[]> {
  const ids = [...new Set([...(await memberIds(session, network, signal)), ...heardOf])];
  const members: NetworkMember[] = [];
  for (let at = 0; at < ids.length; at += atOnce) {
    const part = await Promise.all(ids.slice(at, at + atOnce).map((id) => memberOf(session, id, network)));
    members.push(...part.flat());
  }
  return members.toSorted((a, b) => a.name.localeCompare(b.name));
}

const touching = new Set(["create", "destroy", "start", "die", "rename", "connect", "disconnect", "pause", "unpause"]);

/** Members of a network, again after each change; ends when it is removed or `signal` aborts. Errors: not_found. */
export async function* watchMembers(
  connection: EngineConnection,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<{ members: NetworkMember[] }> {
  let isKnown = false;
  while (!signal.aborted) {
    const session = await connection.whenConnected(signal);
    if (!session) return;
    const both = AbortSignal.any([signal, session.signal]);
    const bell = new Bell();
    const heardOf = new Set<string>();
    const unsubscribe = session.events.subscribe({
      types: ["network", "container"],
      onEvent: ({ action, type, attributes }) => {
        if (attributes[helperLabel] !== undefined) return;
        if (action === "connect" && attributes.container) heardOf.add(attributes.container);
        if (touching.has(action) || (type === "network" && action === "destroy")) bell.ring();
      },
      onGap: () => bell.ring(),
    });
    try {
      bell.ring();
      while (await bell.wait(both)) {
        if (both.aborted) break;
        const network = await inspectNetwork(session, id, both);
        yield { members: await listMembers(session, network, { signal: both, heardOf }) };
        isKnown = true;
        await new Bell().wait(both, coalesceMs);
      }
    } catch (error) {
      const failure = toAppError(error);
      if (isKnown && failure.code === "not_found") return;
      if (!both.aborted && failure.code !== "timeout") throw failure;
    } finally {
      unsubscribe();
    }
  }
}

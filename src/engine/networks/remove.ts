import type { NetworkSummary } from "#contract";
import { AppError, toAppError } from "#contract/errors.ts";
import { deleteNetwork, inspectNetwork, listNetworks } from "../docker/networks.ts";
import type { Session } from "../docker/session.ts";
import { listMembers } from "./members.ts";

async function requireRemovable(session: Session, network: NetworkSummary): Promise<void> {
  const { name } = network;
  if (network.builtIn) {
    throw new AppError("conflict", `${name} belongs to the engine itself and cannot be removed.`);
  }
  const members = (await listMembers(session, network)).filter(({ running }) => running);
  if (members.length === 0) return;
  const who = members
    .slice(0, 3)
    .map((member) => member.name)
    .join(", ");
  const more = members.length > 3 ? ` and ${members.length - 3} more` : "";
  throw new AppError("conflict", `${name} still has members: ${who}${more}. Disconnect them first.`, {
    data: { reason: "members" },
  });
}

/** Errors: not_found; conflict where it is built in or has members, who are named. */
export async function removeNetwork(session: Session, id: string): Promise<void> {
  const network = await inspectNetwork(session, id);
  await requireRemovable(session, network);
  await deleteNetwork(session, network);
}

/** Networks without members, running or not, that are the user's own. */
export async function prunableNetworks(session: Session, signal: AbortSignal): Promise<NetworkSummary[]> {
  const networks = await listNetworks(session, signal);
  const candidates = networks.filter(({ builtIn }) => !builtIn);
  const members = await Promise.all(candidates.map((network) => listMembers(session, network, { signal })));
  return candidates.filter((_network, index) => members[index]?.length === 0);
}

/** Removes exactly these; one that got a member meanwhile stays. */
export async function pruneNetworks(
  session: Session,
  ids: readonly string[],
): Promise<{ id: string; error?: string }[]> {
  const outcomes: { id: string; error?: string }[] = [];
  for (const id of ids) {
    try {
      await removeNetwork(session, id);
      outcomes.push({ id });
    } catch (error) {
      outcomes.push({ id, error: toAppError(error).message });
    }
  }
  return outcomes;
}

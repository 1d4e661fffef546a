import type { ContainerSummary } from "#contract";
import { readContainerSummary } from "./container-summary.ts";
import type { EngineEvent } from "./events.ts";
import { helperLabel } from "./helper-label.ts";
import { getList } from "./listing.ts";
import type { Listing, ListSource } from "./live-list.ts";
import type { Session } from "./session.ts";
import { waitUntilSettled } from "./settled.ts";

/** Container events that change nothing of what a list or an overview shows. */
const quietActions = /^(exec_|top$|attach$|detach$|resize$|copy$|export$|archive-path$|extract-to-dir$|commit$)/;

/** Ids of the containers whose description an event may have changed. */
export function containersTouchedBy({ type, action, id, attributes }: EngineEvent): readonly string[] {
  if (attributes[helperLabel] !== undefined) return [];
  if (type === "container") return quietActions.test(action) ? [] : [id];
  const ofNetwork = type === "network" && (action === "connect" || action === "disconnect");
  return ofNetwork && attributes.container ? [attributes.container] : [];
}

/** The live list (`GET /containers/json?all=1`). */
export const containerList: ListSource<ContainerSummary> = {
  eventTypes: ["container", "network"],
  idOf: ({ id }) => id,
  touchedBy: containersTouchedBy,
  list: (session, signal) => listContainers(session, { signal }),
  fetch: async (session, ids, signal) => {
    const again = await waitUntilSettled(session, ids, signal);
    return { ...(await listContainers(session, { ids, signal })), again };
  },
};

/** Our own helpers come and go with what a user does elsewhere; in the list they would only puzzle. */
async function listContainers(
  session: Session,
  { ids, signal }: { ids?: readonly string[]; signal: AbortSignal },
): Promise<Listing<ContainerSummary>> {
  const about = { verb: "list the containers of", kind: "engine" } as const;
  const query = { all: true, ...(ids ? { filters: { id: ids } } : {}) };
  const request = { about, path: "/containers/json", query, signal };
  const { items, skipped } = await getList(session.http, request, readContainerSummary);
  return { items: items.filter(({ labels }) => labels[helperLabel] === undefined), skipped };
}

import type { ContainerSummary } from "#contract";
import { Bell } from "./bell.ts";
import { preloadClient } from "./docker/client.ts";
import type { EngineConnection } from "./docker/connection.ts";
import type { LiveList } from "./docker/live-list.ts";
import type { Later } from "./later.ts";
import type { LaterAreas } from "./later-areas.ts";
import type { Log } from "./log.ts";

/** A page that comes later than this gets a list of its own. */
const listAheadMs = 30_000;
/** A page that is there has its list by then; one that still loads its scripts finds everything loaded. */
const loadAfterListMs = 100;
/** The largest part is for actions, and a person acts later than a page asks. */
const preloadClientAfterMs = 1_000;

/** Lists before somebody asks, because the first page asks for just this. `onList` is called with each, and at the end. */
export async function listAhead(
  list: LiveList<ContainerSummary>,
  closed: AbortSignal,
  onList: () => void,
): Promise<void> {
  const updates = list.watch(AbortSignal.any([closed, AbortSignal.timeout(listAheadMs)]));
  try {
    while (!(await updates.next()).done) onList();
  } catch {
    // A page that asks is told why.
  }
  onList();
}

interface Start {
  /** Settles with the first list. */
  readonly listed: Promise<void>;
  readonly connection: EngineConnection;
  readonly log: Log;
  readonly closed: AbortSignal;
}

/** The first state in which the engine cannot be used. */
async function trouble(connection: EngineConnection, closed: AbortSignal): Promise<void> {
  for await (const { status } of connection.state.watch(closed)) {
    if (status !== "connecting" && status !== "connected") return;
  }
}

/**
 * Loads all areas before somebody needs them, but after the first list: loading them takes longer than that list. Where
 * the engine cannot be reached they are loaded at once; the machine may be what helps.
 */
export async function loadAhead(rest: Later<LaterAreas>, { listed, connection, log, closed }: Start): Promise<void> {
  const waited = new AbortController();
  const signal = AbortSignal.any([closed, waited.signal]);
  const pause = listed.then(() => new Bell().wait(signal, loadAfterListMs));
  await Promise.race([pause, trouble(connection, signal)]);
  waited.abort();
  if (closed.aborted) return;
  // Whoever needs them is told as well.
  await rest.get().catch((error: unknown) => log.error("the engine could not be opened", { error }));
  await new Bell().wait(closed, preloadClientAfterMs);
  if (!closed.aborted) await preloadClient();
}

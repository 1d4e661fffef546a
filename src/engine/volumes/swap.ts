import type { VolumeSummary } from "#contract";
import { AppError } from "#contract/errors.ts";
import { startContainer } from "../docker/containers.ts";
import type { Session } from "../docker/session.ts";
import { createVolume, deleteVolume, findVolume, inspectVolume } from "../docker/volumes.ts";
import type { Swap, SwapState } from "./data-move.ts";
import type { JournalJob } from "./journal.ts";
import { engineId, type VolumeSpace } from "./space.ts";
import { createTrash } from "./trash-volume.ts";

/** `fresh` is whole; `restart` are the containers that were stopped for this. */
export interface SwapRequest {
  readonly volume: VolumeSummary;
  readonly fresh: VolumeSummary;
  readonly why: "replaced" | "emptied";
  readonly restart: readonly string[];
  readonly job: JournalJob;
}

async function startAll(session: Session, ids: readonly string[]): Promise<void> {
  for (const id of ids) await startContainer(session, id, AbortSignal.timeout(60_000)).catch(() => {});
}

/** Where the data is after a failure; a swap that stands in the middle is taken back. */
async function stateAfter(space: VolumeSpace, swap: Swap, error: unknown): Promise<SwapState> {
  if (error instanceof AppError && error.data?.swap === "before") return "before";
  try {
    const state = await space.mover.swapState(swap);
    if (state !== "between") return state;
    await space.mover.moveBack({ from: swap.target, to: swap.old });
    return "before";
  } catch {
    return "unknown";
  }
}

/**
 * Puts what `fresh` holds into the place of what the volume holds, which goes to the trash; gives the trash volume's
 * name. When it fails, the volume holds what it held, or the job was given up: then the next connection finishes it.
 */
export async function swapIn(space: VolumeSpace, request: SwapRequest): Promise<string> {
  const { volume, fresh, why, restart, job } = request;
  const session = space.connection.session();
  const engine = await engineId(session);
  const trash = await createTrash(session, volume, why).catch(async (error: unknown) => {
    await startAll(session, restart);
    throw error;
  });
  const names = { volume: volume.name, fresh: fresh.name, trash: trash.name };
  await job.turnTo({ kind: "replace", engine, ...names, restart: [...restart] });
  const swap: Swap = { target: volume, fresh, old: trash };
  try {
    try {
      await space.mover.replace(swap);
    } catch (error) {
      const state = await stateAfter(space, swap, error);
      if (state === "before") {
        await deleteVolume(session, trash.name);
        await deleteVolume(session, fresh.name);
        await startAll(session, restart);
        await job.end();
      }
      if (state !== "after") throw error;
    }
    await deleteVolume(session, fresh.name);
    await startAll(session, restart);
    await job.end();
    return trash.name;
  } finally {
    job.giveUp();
  }
}

/** Goes on where a swap was cut off; run at any point it ends with the new data in place and the old in the trash. */
export async function recoverReplace(
  space: VolumeSpace,
  entry: { volume: string; fresh: string; trash: string; restart: readonly string[] },
): Promise<void> {
  const session = space.connection.session();
  const [target, fresh, old] = await Promise.all([
    findVolume(session, entry.volume),
    findVolume(session, entry.fresh),
    findVolume(session, entry.trash),
  ]);
  if (target && fresh && old) {
    await space.mover.replace({ target, fresh, old });
    await deleteVolume(session, fresh.name);
  }
  await startAll(session, entry.restart);
}

/** A new volume gets what `fresh` holds; `fresh` goes. Where an earlier attempt was cut off, it goes on. */
export async function placeNew(
  space: VolumeSpace,
  { volume, fresh, labels }: { volume: string; fresh: string; labels: Readonly<Record<string, string>> },
): Promise<void> {
  const session = space.connection.session();
  const from = await findVolume(session, fresh);
  if (!from) return;
  if (!(await findVolume(session, volume))) {
    await createVolume(session, { name: volume, driver: "local", options: {}, labels });
  }
  await space.mover.move({ from, to: await inspectVolume(session, volume) });
  await deleteVolume(session, fresh);
}

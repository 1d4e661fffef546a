import type { VolumeSummary } from "#contract";
import { AppError, toAppError } from "#contract/errors.ts";
import type { Session } from "../docker/session.ts";
import { trashFormOf, unfinishedLabels } from "../docker/volume-role.ts";
import { createVolume, deleteVolume, findVolume, inspectVolume, listVolumes } from "../docker/volumes.ts";
import { abandon, createOwn, engineId, named, requireFreeName, requireUnused, type VolumeSpace } from "./space.ts";
import { swapIn } from "./swap.ts";
import { createTrash } from "./trash-volume.ts";

const dayMs = 24 * 3_600_000;

async function changeable(space: VolumeSpace, session: Session, name: string): Promise<VolumeSummary> {
  const volume = await inspectVolume(session, name);
  space.facts.requireChangeable(name);
  return volume;
}

/** Deletes a volume for good, or moves it to the trash and gives the trash volume's name. */
export async function removeVolume(
  space: VolumeSpace,
  name: string,
  { permanently }: { permanently: boolean },
): Promise<{ trash?: string }> {
  const session = space.connection.session();
  const volume = await changeable(space, session, name);
  requireUnused(volume);
  await space.warm.release(name);
  if (permanently) {
    await deleteVolume(session, name);
    await space.facts.forget(name);
    return {};
  }
  const trash = await createTrash(session, volume, "removed");
  await moveToTrash(space, volume, trash);
  const sizeBytes = space.facts.sizeOf(name);
  await space.facts.forget(name);
  if (sizeBytes !== undefined) await space.facts.noteSizes([{ name: trash.name, sizeBytes }]);
  return { trash: trash.name };
}

async function moveToTrash(space: VolumeSpace, volume: VolumeSummary, trash: VolumeSummary): Promise<void> {
  const session = space.connection.session();
  const engine = await engineId(session);
  const hasData = trashFormOf(trash.labels) === "data";
  let isUnsettled = false;
  const step = async (): Promise<void> => {
    try {
      if (hasData) await space.mover.move({ from: volume, to: trash });
      await deleteVolume(session, volume.name);
    } catch (error) {
      // A container took it in the meantime, or the disk is full: everything goes back. The trash volume must not go
      // before that is sure.
      isUnsettled = true;
      try {
        if (hasData) await space.mover.moveBack({ from: volume, to: trash });
        await deleteVolume(session, trash.name);
        isUnsettled = false;
      } catch (cause) {
        const left = { volume: volume.name, error: toAppError(cause).message };
        space.log.warn("a volume stands between its place and the trash", left);
      }
      throw error;
    }
  };
  const entry = { kind: "trash", engine, volume: volume.name, trash: trash.name } as const;
  await space.journal.during(entry, step, () => isUnsettled);
}

/** Moves all files of a volume to the trash; containers that run on it would not see it, so they forbid it. */
export async function emptyVolume(space: VolumeSpace, name: string): Promise<{ trash: string }> {
  const session = space.connection.session();
  const volume = await changeable(space, session, name);
  const running = volume.usedBy.filter((use) => use.running);
  if (running.length > 0) {
    const users = named(running.map((use) => use.name));
    throw new AppError("conflict", `${users} is running on ${name}. Stop it first.`, { data: { reason: "running" } });
  }
  await space.warm.release(name);
  const engine = await engineId(session);
  const fresh = await createOwn(session, "empty", unfinishedLabels("empty", name));
  const job = await space.journal.begin({ kind: "fill", engine, fresh: fresh.name });
  try {
    await space.mover.likeRoot(volume, fresh);
    const trash = await swapIn(space, { volume, fresh, why: "emptied", restart: [], job });
    await space.facts.noteSizes([{ name, sizeBytes: 0 }]);
    return { trash };
  } catch (error) {
    await abandon(session, fresh, job);
    throw error;
  }
}

/** Brings a volume back under its own name or another. Errors: conflict where the name is taken. */
export async function restoreVolume(
  space: VolumeSpace,
  trashName: string,
  newName?: string,
): Promise<{ name: string }> {
  const session = space.connection.session();
  const trash = await inspectVolume(session, trashName);
  const { role } = trash;
  if (role.kind !== "trash") throw new AppError("bad_request", `${trashName} is not in the trash.`);
  const name = newName ?? role.name;
  await requireFreeName(session, name);
  await space.warm.release(trashName);
  const { driver, labels, options } = role;
  const engine = await engineId(session);
  let isUnsettled = false;
  const step = async (): Promise<void> => {
    await createVolume(session, { name, driver, labels, options });
    const volume = await inspectVolume(session, name);
    const hasData = trashFormOf(trash.labels) === "data";
    try {
      if (hasData) await space.mover.move({ from: trash, to: volume });
      await deleteVolume(session, trashName);
    } catch (error) {
      isUnsettled = true;
      if (hasData) await space.mover.moveBack({ from: trash, to: volume });
      await deleteVolume(session, name);
      isUnsettled = false;
      throw error;
    }
  };
  const entry = { kind: "restore", engine, volume: name, trash: trashName } as const;
  await space.journal.during(entry, step, () => isUnsettled);
  return { name };
}

/** Deletes volumes of the trash and unfinished ones for good; never one of the user's own. */
export async function discardVolumes(
  space: VolumeSpace,
  names: readonly string[],
): Promise<{ name: string; error?: string }[]> {
  const session = space.connection.session();
  const outcomes: { name: string; error?: string }[] = [];
  for (const name of names) {
    try {
      const volume = await inspectVolume(session, name);
      if (volume.role.kind === "own") throw new AppError("bad_request", `${name} is not in the trash.`);
      await space.warm.release(name);
      await deleteVolume(session, name);
      await space.facts.forget(name);
      outcomes.push({ name });
    } catch (error) {
      outcomes.push({ name, error: toAppError(error).message });
    }
  }
  return outcomes;
}

/** Deletes what has been in the trash for longer than `days`. */
export async function expireTrash(space: VolumeSpace, days: number): Promise<void> {
  const session = space.connection.session();
  const { items } = await listVolumes(session);
  const until = Date.now() - days * dayMs;
  const expired = items.filter(({ role }) => role.kind === "trash" && role.removedAt < until);
  if (expired.length === 0) return;
  const outcomes = await discardVolumes(
    space,
    expired.map(({ name }) => name),
  );
  space.log.info("emptied old volumes from the trash", { count: outcomes.filter(({ error }) => !error).length });
}

/** Finishes or undoes what an earlier process left between two steps. */
export async function recoverTrash(space: VolumeSpace, entry: { volume: string; trash: string }): Promise<void> {
  const session = space.connection.session();
  const [volume, trash] = await Promise.all([findVolume(session, entry.volume), findVolume(session, entry.trash)]);
  if (!volume || !trash) return;
  const isMoved = trashFormOf(trash.labels) === "data" && (await space.mover.hasData(volume)) === false;
  if (isMoved) await deleteVolume(session, volume.name);
  else await deleteVolume(session, trash.name);
}

export async function recoverRestore(space: VolumeSpace, entry: { volume: string; trash: string }): Promise<void> {
  const session = space.connection.session();
  const [volume, trash] = await Promise.all([findVolume(session, entry.volume), findVolume(session, entry.trash)]);
  if (!volume || !trash) return;
  if (trashFormOf(trash.labels) === "data" && (await space.mover.hasData(trash)) !== false) {
    await space.mover.move({ from: trash, to: volume });
  }
  await deleteVolume(session, trash.name);
}

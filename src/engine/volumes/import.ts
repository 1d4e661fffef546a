import type { BackupContent, VolumeSummary } from "#contract";
import { AppError } from "#contract/errors.ts";
import { putArchive } from "../docker/archive.ts";
import { startContainer, stopContainer } from "../docker/containers.ts";
import type { Session } from "../docker/session.ts";
import { unfinishedLabels } from "../docker/volume-role.ts";
import { createVolume, deleteVolume, findVolume, inspectVolume } from "../docker/volumes.ts";
import { ArchiveError } from "../tar/entry.ts";
import { ArchiveGuard } from "../tar/guard.ts";
import type { TaskHandle } from "../tasks/running-task.ts";
import { backupError, checkChecksum, expectedChecksum, fileSize, type ReadState, readBackup } from "./backup-file.ts";
import { volumeMount } from "./file-path.ts";
import { createOwn, engineId, named, requireFreeName, type VolumeSpace } from "./space.ts";
import { createTrash } from "./trash.ts";
import { admitted, packed } from "./unpack.ts";

export interface ImportRequest {
  readonly path: string;
  readonly into:
    | { readonly kind: "new"; readonly name: string }
    | { readonly kind: "replace"; readonly name: string; readonly stop: boolean };
  readonly keepOutsideLinks: boolean;
}

/** Reads a backup from start to end and says what it holds. Errors: bad_request for whatever must not be unpacked. */
export async function inspectBackup(path: string, signal: AbortSignal): Promise<BackupContent> {
  const archiveBytes = await fileSize(path);
  const guard = new ArchiveGuard({ keepOutsideLinks: true });
  const state: ReadState = { readBytes: 0, sha256: "" };
  let manifest: BackupContent["manifest"];
  const onManifest = (found: NonNullable<BackupContent["manifest"]>): void => {
    manifest = found;
  };
  try {
    for await (const _entry of admitted(readBackup(path, state, signal), { guard, state, onManifest }));
  } catch (error) {
    throw backupError(error, path);
  }
  const checksum = await checkChecksum(path, state);
  const { entries, sizeBytes, outsideLinks } = guard;
  const shown = outsideLinks.slice(0, 20);
  return { path, archiveBytes, ...(manifest ? { manifest } : {}), entries, sizeBytes, outsideLinks: shown, checksum };
}

/** Unpacks a backup into an empty volume. Errors: bad_request; unavailable (disk full). */
async function fill(
  space: VolumeSpace,
  { request, fresh }: { request: ImportRequest; fresh: string },
  task: TaskHandle,
): Promise<ArchiveGuard> {
  const { path, keepOutsideLinks } = request;
  const totalBytes = await fileSize(path);
  const guard = new ArchiveGuard({ keepOutsideLinks });
  const state: ReadState = { readBytes: 0, sha256: "" };
  const mount = { kind: "volume", source: fresh, target: volumeMount, readOnly: false } as const;
  const helper = await space.helpers.start({ mounts: [mount], signal: task.signal });
  // A failure of the reader reaches the engine as a broken upload; the reason is the reader's.
  let readFailure: unknown;
  async function* content(): AsyncGenerator<Buffer> {
    try {
      const entries = admitted(readBackup(path, state, task.signal), { guard, state });
      yield* packed(entries, () => task.report({ doneBytes: state.readBytes, totalBytes }));
      await checkChecksum(path, state);
    } catch (error) {
      readFailure = error instanceof ArchiveError ? backupError(error, path) : error;
      throw error;
    }
  }
  try {
    const about = { verb: "import into", kind: "volume", name: request.into.name } as const;
    await putArchive({ helper, path: Buffer.from(volumeMount), about, signal: task.signal }, content());
    await helper.run(Buffer.from("sync"), { signal: task.signal, deadlineMs: 600_000 });
  } catch (error) {
    throw readFailure ?? error;
  } finally {
    await helper.close();
  }
  return guard;
}

function running({ usedBy }: VolumeSummary): VolumeSummary["usedBy"] {
  return usedBy.filter((use) => use.running);
}

/** Errors: conflict where running containers use the volume and may not be stopped: they would go on with the old data. */
function requireStoppable(volume: VolumeSummary, stop: boolean): void {
  const users = running(volume);
  if (users.length === 0 || stop) return;
  const who = named(users.map(({ name }) => name));
  const message = `${who} is running on ${volume.name} and would not see the new data. Stop it, or let the import stop and start it.`;
  throw new AppError("conflict", message, { data: { reason: "running" } });
}

async function stopAll(session: Session, ids: readonly string[]): Promise<void> {
  for (const id of ids) await stopContainer(session, { id, signal: AbortSignal.timeout(120_000) });
}

export async function startAll(session: Session, ids: readonly string[]): Promise<void> {
  for (const id of ids) await startContainer(session, id, AbortSignal.timeout(60_000)).catch(() => {});
}

/** Puts what `fresh` holds into the place of what the volume holds; that goes to the trash. */
async function swapIn(
  space: VolumeSpace,
  { name, stop, fresh }: { name: string; stop: boolean; fresh: VolumeSummary },
): Promise<string> {
  const session = space.connection.session();
  const engine = await engineId(session);
  const volume = await inspectVolume(session, name);
  space.facts.requireChangeable(name);
  requireStoppable(volume, stop);
  await space.warm.release(name);
  const restart = [...new Set(running(volume).map(({ id }) => id))];
  await stopAll(session, restart);
  const trash = await createTrash(session, volume, "replaced");
  const entry = { kind: "replace", engine, volume: name, fresh: fresh.name, trash: trash.name, restart } as const;
  const id = await space.journal.add(entry);
  try {
    await space.mover.replace(volume, { fresh, old: trash });
  } catch (error) {
    if (await isUntouched(space, volume)) {
      await deleteVolume(session, trash.name).catch(() => {});
      await deleteVolume(session, fresh.name).catch(() => {});
      await startAll(session, restart);
      await space.journal.remove(id);
    }
    // Otherwise the journal has it: the next connection finishes what was begun.
    throw error;
  }
  await deleteVolume(session, fresh.name);
  await startAll(session, restart);
  await space.journal.remove(id);
  return trash.name;
}

/** True where the old data is surely where it was: nothing that could hold it must be deleted otherwise. */
async function isUntouched(space: VolumeSpace, volume: VolumeSummary): Promise<boolean> {
  return (await space.mover.hasData(volume).catch(() => undefined)) === true;
}

/** What came of an import. */
export interface Imported {
  readonly name: string;
  readonly entries: number;
  /** Trash volume with what was there before. */
  readonly trash?: string;
}

/** The work of an import task. Whatever happens, the old data or the new is whole, and what is half is removed. */
export async function importBackup(space: VolumeSpace, request: ImportRequest, task: TaskHandle): Promise<Imported> {
  const { path, into } = request;
  const session = space.connection.session();
  const engine = await engineId(session);
  if (into.kind === "new") await requireFreeName(session, into.name);
  else {
    space.facts.requireChangeable(into.name);
    requireStoppable(await inspectVolume(session, into.name), into.stop);
  }
  // Read before anything is unpacked: a backup that is not what was exported is refused at once.
  if ((await expectedChecksum(path)) !== undefined) {
    task.report({ activity: "Checking" });
    const content = await inspectBackup(path, task.signal);
    if (content.outsideLinks.length > 0 && !request.keepOutsideLinks) throw outsideLinksError(content);
  }
  task.report({ activity: "Unpacking" });
  const fresh = await createOwn(session, "import", unfinishedLabels("import", into.name));
  const entries = await fillOrDiscard(space, { request, fresh, engine }, task);
  task.report({ activity: "Putting in place" });
  if (into.kind === "replace") return { name: into.name, entries, trash: await swapIn(space, { ...into, fresh }) };
  await settleNew(space, { name: into.name, fresh });
  return { name: into.name, entries };
}

/** Fills the new volume; one that did not get whole is removed, now or at the next start. */
async function fillOrDiscard(
  space: VolumeSpace,
  { request, fresh, engine }: { request: ImportRequest; fresh: VolumeSummary; engine: string },
  task: TaskHandle,
): Promise<number> {
  return space.journal.during({ kind: "fill", engine, fresh: fresh.name }, async () => {
    try {
      const guard = await fill(space, { request, fresh: fresh.name }, task);
      if (task.signal.aborted) throw new AppError("cancelled", "Cancelled.");
      return guard.entries;
    } catch (error) {
      await deleteVolume(space.connection.session(), fresh.name).catch(() => {});
      throw error;
    }
  });
}

function outsideLinksError({ outsideLinks }: BackupContent): AppError {
  const message = `The backup holds links that lead out of the volume, for example ${outsideLinks[0]}. Allow them if you trust the backup.`;
  return new AppError("bad_request", message);
}

/** A volume under the wanted name gets the data; labels and driver are not taken over: they would not fit this engine. */
async function settleNew(space: VolumeSpace, { name, fresh }: { name: string; fresh: VolumeSummary }): Promise<void> {
  const session = space.connection.session();
  await requireFreeName(session, name);
  await createVolume(session, { name, driver: "local", options: {}, labels: {} });
  const volume = await inspectVolume(session, name);
  await space.mover.move({ from: fresh, to: volume });
  await deleteVolume(session, fresh.name);
}

/** Goes on where an earlier process ended between the two renames; run at any other point it ends the same way. */
export async function recoverReplace(
  space: VolumeSpace,
  entry: { volume: string; fresh: string; trash: string; restart: readonly string[] },
): Promise<void> {
  const session = space.connection.session();
  const [volume, fresh, trash] = await Promise.all([
    findVolume(session, entry.volume),
    findVolume(session, entry.fresh),
    findVolume(session, entry.trash),
  ]);
  if (volume && fresh && trash) {
    await space.mover.replace(volume, { fresh, old: trash });
    await deleteVolume(session, fresh.name);
  }
  await startAll(session, entry.restart);
}

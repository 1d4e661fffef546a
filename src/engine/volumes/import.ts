import type { BackupContent, BackupManifest, VolumeSummary } from "#contract";
import { AppError } from "#contract/errors.ts";
import { putArchive } from "../docker/archive.ts";
import { stopContainer } from "../docker/containers.ts";
import type { Session } from "../docker/session.ts";
import { unfinishedLabels } from "../docker/volume-role.ts";
import { anonymousLabel, inspectVolume } from "../docker/volumes.ts";
import { ArchiveError, type TarEntry } from "../tar/entry.ts";
import { ArchiveGuard } from "../tar/guard.ts";
import type { TaskHandle } from "../tasks/running-task.ts";
import { backupError, checkChecksum, expectedChecksum, fileSize, type ReadState, readBackup } from "./backup-file.ts";
import { volumeMount } from "./file-path.ts";
import type { JournalJob } from "./journal.ts";
import { abandon, createOwn, engineId, named, requireFreeName, type VolumeSpace } from "./space.ts";
import { placeNew, swapIn } from "./swap.ts";
import { admitted, applyRoot, packed } from "./unpack.ts";

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
): Promise<{ entries: number; labels: Record<string, string> }> {
  const { path, keepOutsideLinks } = request;
  const totalBytes = await fileSize(path);
  const guard = new ArchiveGuard({ keepOutsideLinks });
  const state: ReadState = { readBytes: 0, sha256: "" };
  const mount = { kind: "volume", source: fresh, target: volumeMount, readOnly: false } as const;
  const helper = await space.helpers.start({ mounts: [mount], signal: task.signal });
  // A failure of the reader reaches the engine as a broken upload; the reason is the reader's.
  let readFailure: unknown;
  let labels: Record<string, string> = {};
  let root: TarEntry | undefined;
  const onManifest = (manifest: BackupManifest): void => {
    labels = ownLabels(manifest);
  };
  async function* content(): AsyncGenerator<Buffer> {
    try {
      const entries = admitted(readBackup(path, state, task.signal), { guard, state, onManifest });
      yield* packed(entries, {
        onBytes: () => task.report({ doneBytes: state.readBytes, totalBytes }),
        onRoot: (entry) => {
          root = entry;
        },
      });
      await checkChecksum(path, state);
    } catch (error) {
      readFailure = error instanceof ArchiveError ? backupError(error, path) : error;
      throw error;
    }
  }
  try {
    const about = { verb: "import into", kind: "volume", name: request.into.name } as const;
    await putArchive({ helper, path: Buffer.from(volumeMount), about, signal: task.signal }, content());
    await applyRoot(helper, root, task.signal);
    await helper.run(Buffer.from("sync"), { signal: task.signal, deadlineMs: 600_000 });
  } catch (error) {
    throw readFailure ?? error;
  } finally {
    await helper.close();
  }
  return { entries: guard.entries, labels };
}

/** Labels that a restored volume has too, so that compose knows it again. It has a name now, so it is not anonymous. */
function ownLabels({ labels }: BackupManifest): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => key !== anonymousLabel));
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
  const job = await space.journal.begin({ kind: "fill", engine, fresh: fresh.name });
  try {
    const { entries, labels } = await fill(space, { request, fresh: fresh.name }, task);
    if (task.signal.aborted) throw new AppError("cancelled", "Cancelled.");
    task.report({ activity: "Putting in place" });
    if (into.kind === "replace") {
      return { name: into.name, entries, trash: await putInPlace(space, { ...into, fresh, job }) };
    }
    await requireFreeName(session, into.name);
    const place = { volume: into.name, fresh: fresh.name, labels };
    await job.turnTo({ kind: "place", engine, ...place });
    await placeNew(space, place).catch((error: unknown) => {
      job.giveUp();
      throw error;
    });
    await job.end();
    return { name: into.name, entries };
  } catch (error) {
    await abandon(session, fresh, job);
    throw error;
  }
}

/** Puts what `fresh` holds into the place of what the volume holds; that goes to the trash. */
async function putInPlace(
  space: VolumeSpace,
  { name, stop, fresh, job }: { name: string; stop: boolean; fresh: VolumeSummary; job: JournalJob },
): Promise<string> {
  const session = space.connection.session();
  const volume = await inspectVolume(session, name);
  space.facts.requireChangeable(name);
  requireStoppable(volume, stop);
  await space.warm.release(name);
  const restart = [...new Set(running(volume).map(({ id }) => id))];
  await stopAll(session, restart);
  return swapIn(space, { volume, fresh, why: "replaced", restart, job });
}

function outsideLinksError({ outsideLinks }: BackupContent): AppError {
  const message = `The backup holds links that lead out of the volume, for example ${outsideLinks[0]}. Allow them if you trust the backup.`;
  return new AppError("bad_request", message);
}

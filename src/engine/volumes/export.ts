import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip, createZstdCompress } from "node:zlib";
import type { BackupManifest, VolumeSummary } from "#contract";
import { AppError } from "#contract/errors.ts";
import type { backupFormats } from "#contract/volumes.ts";
import { getArchiveBlocks } from "../docker/archive.ts";
import { pauseContainer, unpauseContainer } from "../docker/containers.ts";
import { type Helper, outputOf } from "../docker/helper.ts";
import type { Session } from "../docker/session.ts";
import { sh } from "../docker/shell.ts";
import { inspectVolume, listVolumeUsers } from "../docker/volumes.ts";
import { encodeHeader, encodePadding, plainFile } from "../tar/write.ts";
import type { TaskHandle } from "../tasks/running-task.ts";
import { manifestName } from "./backup-file.ts";
import { volumeMount } from "./file-path.ts";
import { engineId, type VolumeSpace } from "./space.ts";

export type BackupFormat = (typeof backupFormats)[number];

export interface ExportRequest {
  readonly name: string;
  readonly folder: string;
  readonly format: BackupFormat;
  /** Freeze the running containers that can write to it meanwhile. */
  readonly pause: boolean;
}

function compressor(format: BackupFormat): NodeJS.ReadWriteStream {
  if (format === "tar.gz") return createGzip({ level: 6, chunkSize: 1024 * 1024 });
  const { ZSTD_c_compressionLevel: level, ZSTD_c_checksumFlag: checksum } = constants;
  return createZstdCompress({ params: { [level]: 1, [checksum]: 1 }, chunkSize: 1024 * 1024 });
}

async function manifestOf(session: Session, volume: VolumeSummary): Promise<BackupManifest> {
  const { name, driver, labels, options, createdAt } = volume;
  const users = await listVolumeUsers(session, { volume: name });
  return {
    format: "longshore-volume",
    formatVersion: 1,
    name,
    driver,
    labels,
    options,
    ...(createdAt === undefined ? {} : { createdAt }),
    exportedAt: Date.now(),
    usedBy: users.map(({ use, image }) => ({ name: use.name, image, destination: use.destination })),
  };
}

function manifestEntry(manifest: BackupManifest): Buffer {
  const text = Buffer.from(JSON.stringify(manifest, undefined, 2));
  const entry = plainFile(manifestName, text.length);
  return Buffer.concat([encodeHeader(entry), text, encodePadding(entry)]);
}

/** `name-20261124-011500.tar.zst`; a second export within one second gets a number. */
async function freePath({ name, folder, format }: ExportRequest): Promise<string> {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  const taken = new Set(await readdir(folder));
  for (let count = 1; ; count += 1) {
    const file = `${name}-${stamp}${count === 1 ? "" : `-${count}`}.${format}`;
    if (!taken.has(file) && !taken.has(`${file}.part`)) return join(folder, file);
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new AppError("unavailable", `The folder ${folder} cannot be made. Choose another.`, { cause });
  }
}

function diskError(error: unknown, path: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "ENOSPC" && code !== "EDQUOT" && code !== "EACCES") return error;
  const why = code === "EACCES" ? "may not be written" : "is on a disk that is full";
  return new AppError("unavailable", `The backup was not finished: ${path} ${why}. The unfinished file was removed.`, {
    cause: error,
  });
}

/** Freezes who could write meanwhile; they go on however the work ends. */
async function withPaused<T>(space: VolumeSpace, request: ExportRequest, work: () => Promise<T>): Promise<T> {
  const session = space.connection.session();
  if (!request.pause) return work();
  const { usedBy } = await inspectVolume(session, request.name);
  const ids = [...new Set(usedBy.filter((use) => use.running && !use.readOnly).map(({ id }) => id))];
  const engine = await engineId(session);
  const paused: string[] = [];
  const step = async (): Promise<T> => {
    try {
      for (const id of ids) {
        await pauseContainer(session, id, AbortSignal.timeout(30_000));
        paused.push(id);
      }
      return await work();
    } finally {
      await unpause(session, paused);
    }
  };
  return space.journal.during({ kind: "paused", engine, containers: ids }, step, () => session.signal.aborted);
}

/** Lets containers go on; one that was already is no failure. */
export async function unpause(session: Session, ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => unpauseContainer(session, id, AbortSignal.timeout(30_000)).catch(() => {})));
}

async function usedBytes(helper: Helper, task: TaskHandle): Promise<number> {
  const answer = await helper.run(sh`du -sk ${volumeMount}`, { signal: task.signal, deadlineMs: 600_000 });
  return Number.parseInt(outputOf(answer, "The volume could not be measured").toString("latin1"), 10) * 1024;
}

/** Writes the archive to `path`; gives the sha256 of the file. */
async function writeArchive(
  { helper, manifest, path, format }: { helper: Helper; manifest: BackupManifest; path: string; format: BackupFormat },
  task: TaskHandle,
): Promise<{ sha256: string; sizeBytes: number }> {
  const about = { verb: "export", kind: "volume", name: manifest.name } as const;
  const { signal } = task;
  const totalBytes = await usedBytes(helper, task);
  const archive = await getArchiveBlocks({ helper, path: Buffer.from(volumeMount), about, signal });
  const hash = createHash("sha256");
  let doneBytes = 0;
  let sizeBytes = 0;
  const digest = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  async function* whole(): AsyncGenerator<Buffer> {
    yield manifestEntry(manifest);
    for await (const block of archive) {
      doneBytes += block.length;
      // What the engine counts and what the archive holds differ a little, and by a lot where files are sparse.
      task.report(doneBytes <= totalBytes ? { doneBytes, totalBytes } : { doneBytes, totalBytes: doneBytes });
      // A block is more than the compressor queues, so the pipeline comes back only when this one was used up.
      yield block;
    }
  }
  await pipeline(whole, compressor(format), digest, createWriteStream(path, { mode: 0o600 }), { signal });
  return { sha256: hash.digest("hex"), sizeBytes };
}

async function publish(part: string, path: string, sha256: string): Promise<void> {
  const file = await open(part, "r+");
  await file.sync();
  await file.close();
  await writeFile(`${path}.sha256`, `${sha256}  ${basename(path)}\n`, { mode: 0o600 });
  await rename(part, path);
}

/** The work of an export task: `FOLDER/NAME-TIME.tar.zst` and its `.sha256`; nothing stays of one that fails. */
export async function exportVolume(
  space: VolumeSpace,
  request: ExportRequest,
  task: TaskHandle,
): Promise<{ path: string; sha256: string; sizeBytes: number }> {
  const session = space.connection.session();
  const volume = await inspectVolume(session, request.name);
  await makeFolder(request.folder);
  const path = await freePath(request);
  const part = `${path}.part`;
  const mount = { kind: "volume", source: volume.name, target: volumeMount, readOnly: true } as const;
  task.report({ activity: "Exporting" });
  const helper = await space.helpers.start({ mounts: [mount], signal: task.signal });
  try {
    const manifest = await manifestOf(session, volume);
    const { format } = request;
    const written = await withPaused(space, request, () =>
      writeArchive({ helper, manifest, path: part, format }, task),
    );
    await publish(part, path, written.sha256);
    return { path, ...written };
  } catch (error) {
    await rm(part, { force: true });
    throw diskError(error, path);
  } finally {
    await helper.close();
  }
}

const backupFile = /\.(tar\.zst|tar\.gz|tgz|tar)$/;

/** Backups in a folder, newest first; none where there is no such folder. */
export async function listBackups(folder: string): Promise<{ path: string; sizeBytes: number; modifiedAt: number }[]> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => backupFile.test(name))
      .map(async (name) => {
        const path = join(folder, name);
        const facts = await stat(path).catch(() => undefined);
        return facts?.isFile() ? [{ path, sizeBytes: facts.size, modifiedAt: facts.mtimeMs }] : [];
      }),
  );
  return files.flat().toSorted((a, b) => b.modifiedAt - a.modifiedAt);
}

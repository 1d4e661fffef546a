import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { PassThrough, pipeline } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { AppError } from "#contract/errors.ts";
import { type BackupManifest, backupManifest } from "#contract/volumes.ts";
import { ArchiveError } from "../tar/entry.ts";
import { type ReadEntry, readTar } from "../tar/read.ts";

/** The first entry of a backup; all others lie below `data/`. */
export const manifestName = "longshore.json";
export const dataPrefix = "data";

const maxManifestBytes = 4 * 1024 * 1024;
const gzipMagic = [0x1f, 0x8b];
const zstdMagic = [0x28, 0xb5, 0x2f, 0xfd];

function startsWith(head: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, index) => head[index] === byte);
}

async function unpackerFor(path: string): Promise<NodeJS.ReadWriteStream> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (startsWith(buffer, gzipMagic)) return createGunzip();
    if (startsWith(buffer, zstdMagic)) return createZstdDecompress();
    return new PassThrough();
  } finally {
    await file.close();
  }
}

/** Counts and hashes the bytes of the archive file as they are read. */
export interface ReadState {
  readBytes: number;
  sha256: string;
}

/** An error of the file, the compression or the tar in it, as the user is told. */
export function backupError(error: unknown, path: string): unknown {
  const name = basename(path);
  if (error instanceof ArchiveError) return new AppError("bad_request", `${name}: ${error.message}`, { cause: error });
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  const { code } = error;
  if (code === "ENOENT") return new AppError("not_found", `There is no file ${path}.`, { cause: error });
  if (code === "EISDIR")
    return new AppError("bad_request", `${path} is a folder. Choose a backup in it.`, { cause: error });
  if (code === "EACCES") return new AppError("permission", `You may not read ${path}.`, { cause: error });
  if (code.startsWith("Z_") || code.startsWith("ZSTD_") || code.startsWith("ERR_ZSTD")) {
    const message = `${name} is damaged or was cut off: it cannot be unpacked to its end. Nothing was changed.`;
    return new AppError("bad_request", message, { cause: error });
  }
  return error;
}

/** The tar entries of a backup; the state is complete when the entries have ended. */
export async function* readBackup(path: string, state: ReadState, signal: AbortSignal): AsyncGenerator<ReadEntry> {
  const hash = createHash("sha256");
  try {
    const unpacker = await unpackerFor(path);
    const file = createReadStream(path, { highWaterMark: 256 * 1024, signal });
    file.on("data", (chunk) => {
      state.readBytes += chunk.length;
      hash.update(chunk);
    });
    // A failure of either reaches the reader through the last stream.
    const unpacked = pipeline(file, unpacker, new PassThrough({ highWaterMark: 1024 * 1024 }), () => {});
    yield* readTar(unpacked as unknown as AsyncIterable<Buffer>);
    state.sha256 = hash.digest("hex");
  } catch (error) {
    if (signal.aborted) throw new AppError("cancelled", "Cancelled.");
    throw backupError(error, path);
  }
}

/** Reads the manifest, where `first` is one. Errors: ArchiveError. */
export async function readManifest(first: ReadEntry): Promise<BackupManifest | undefined> {
  if (first.entry.name.toString("latin1") !== manifestName) return undefined;
  if (first.entry.sizeBytes > maxManifestBytes) throw new ArchiveError("Its manifest is too large.");
  const chunks: Buffer[] = [];
  for await (const chunk of first.content()) chunks.push(chunk);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new ArchiveError("Its manifest is damaged.");
  }
  const parsed = backupManifest.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ArchiveError("Its manifest is damaged, or was written by a newer Longshore.");
}

/** The checksum in the file beside a backup (as `sha256sum` writes it), or undefined where there is none. */
export async function expectedChecksum(path: string): Promise<string | undefined> {
  const text = await readFile(`${path}.sha256`, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (/^[0-9a-f]{64}/.exec(text)?.[0] ?? "unreadable");
}

/** Errors: bad_request where the file beside a backup says something else than what was read. */
export async function checkChecksum(path: string, { sha256 }: ReadState): Promise<"matches" | "absent"> {
  const expected = await expectedChecksum(path);
  if (expected === undefined) return "absent";
  if (expected === sha256) return "matches";
  const name = basename(path);
  const why = `${name} is not what was exported: its checksum differs from ${name}.sha256`;
  throw new AppError("bad_request", `${why}. Nothing was changed. Use another copy of the backup.`);
}

/** Size of a file, as the progress of reading it needs it. Errors: not_found, permission. */
export async function fileSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw backupError(error, path);
  }
}

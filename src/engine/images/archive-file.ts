import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize } from "node:path";
import { type Readable, Transform } from "node:stream";
import { AppError } from "#contract/errors.ts";
import type { Blocks } from "../docker/blocks.ts";

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** What the file system says about a path, in plain words. */
export function toFileError(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const facts = { cause: error, data: { path } };
  switch (code) {
    case "ENOENT":
      return new AppError("not_found", `There is no ${path}. Check the path.`, facts);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new AppError("permission", `You may not use ${path}. Choose another place.`, facts);
    case "ENOSPC":
    case "EDQUOT":
      return new AppError("unavailable", `The disk is full, so ${path} was not written. Make room and try again.`, {
        ...facts,
        data: { path, reason: "disk_full" },
      });
    case "EISDIR":
      return new AppError("bad_request", `${path} is a folder. Name a file.`, facts);
    case "ENOTDIR":
      return new AppError("bad_request", `A part of ${path} is no folder. Check the path.`, facts);
    default:
      return new AppError("unavailable", `${path} could not be used (${code || String(error)}).`, facts);
  }
}

/** The path without detours. Errors: bad_request where it is not absolute. */
export function absolutePath(path: string): string {
  if (!isAbsolute(path)) {
    throw new AppError("bad_request", `${path.slice(0, 200)} is not a whole path. Begin it at the root of the disk.`);
  }
  return normalize(path);
}

function counting(onBytes: (bytes: number) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
}

/**
 * Writes what `begin` gives to a new file, readable by its owner alone: under another name first, so that a file by this
 * name is always whole. Where no file can be made, nothing is begun. Errors: whatever the file system or `begin` throws.
 */
export async function writeNewFile(
  path: string,
  begin: () => Promise<Blocks>,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.partial`);
  try {
    const file = await open(partial, "w", 0o600);
    try {
      for await (const block of await begin()) {
        await file.writeFile(block);
        onBytes(block.length);
      }
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Checks that a file can be written there, before the engine is asked for anything. Errors: conflict, permission. */
export async function assertNewFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    if (await stat(path).catch(() => undefined)) {
      throw new AppError("conflict", `${path} exists already. Choose another name, or remove it first.`);
    }
  } catch (error) {
    throw toFileError(error, path);
  }
}

/** Opens a file to be read, with its size. Errors: not_found, permission, bad_request (a folder). */
export async function openFile(
  path: string,
  onBytes: (bytes: number) => void,
): Promise<{ stream: Readable; sizeBytes: number }> {
  try {
    const handle = await open(path, "r");
    const stats = await handle.stat();
    await handle.close();
    if (!stats.isFile()) throw new AppError("bad_request", `${path} is no file. Choose a tar file.`);
    if (stats.size === 0) throw new AppError("bad_request", `${path} is empty. Choose a tar file.`);
    const source = createReadStream(path, { highWaterMark: 1 << 20 });
    const counted = counting(onBytes);
    source.once("error", (error) => counted.destroy(error));
    counted.once("close", () => source.destroy());
    return { stream: source.pipe(counted), sizeBytes: stats.size };
  } catch (error) {
    throw toFileError(error, path);
  }
}

import { createReadStream, createWriteStream } from "node:fs";
import { link, open, rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import { AppError } from "#contract/errors.ts";
import { cancelled } from "../deadline.ts";
import { readSparse } from "./read-sparse.ts";
import { flushFile, writeSparse } from "./sparse.ts";

/**
 * A data disk for keeping elsewhere: one zstd stream of the raw disk, with a checksum, behind a skippable
 * frame that says what it is; any zstd tool unpacks it.
 */
const skippableMagic = 0x184d2a50;
const mark = "longshore-disk-1";

/** How a long way is followed and stopped. */
export interface Progress {
  readonly signal: AbortSignal;
  readonly report: (progress: { doneBytes: number; totalBytes: number }) => void;
}

/** Passes chunks on and reports their sum as part of `totalBytes`. */
async function* counted(
  chunks: AsyncIterable<Buffer>,
  totalBytes: number,
  report: Progress["report"],
): AsyncGenerator<Buffer> {
  let doneBytes = 0;
  for await (const chunk of chunks) {
    yield chunk;
    doneBytes += chunk.length;
    report({ doneBytes, totalBytes });
  }
}

/** Writes the archive and gives its size in bytes; `to` must not exist. A part of an archive is never left behind. */
export async function exportDisk(from: string, to: string, { signal, report }: Progress): Promise<number> {
  const partial = `${to}.part`;
  const taken = await stat(to).then(
    () => true,
    () => false,
  );
  if (taken) throw new AppError("conflict", `${to} exists already. Choose another name.`);
  try {
    const target = createWriteStream(partial, { flags: "wx", mode: 0o600 });
    target.write(header());
    const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 };
    const bytes = counted(readSparse(from, signal), (await stat(from)).size, report);
    await pipeline(bytes, createZstdCompress({ params, chunkSize: 2 ** 20 }), target, { signal });
    await finish(partial, to);
    return (await stat(to)).size;
  } catch (cause) {
    await rm(partial, { force: true });
    throw problem(signal, `The disk could not be written to ${to}. Is there room?`, cause);
  }
}

async function finish(partial: string, to: string): Promise<void> {
  await flushFile(partial);
  // A link fails where the name was taken meanwhile; a rename would overwrite.
  await link(partial, to);
  await rm(partial);
}

/** Unpacks an archive into a new file. Throws `bad_request` for anything else than a whole archive. */
export async function importDisk(from: string, to: string, { signal, report }: Progress): Promise<void> {
  const start = await readHeader(from);
  const totalBytes = (await stat(from)).size - start;
  const file = createReadStream(from, { start, highWaterMark: 2 ** 20 });
  const source = Readable.from(counted(file, totalBytes, report), { objectMode: false });
  const unpacked = source.pipe(createZstdDecompress({ chunkSize: 2 ** 20 }));
  source.once("error", (error) => unpacked.destroy(error));
  try {
    await writeSparse(to, Readable.from(unpacked), signal);
  } catch (cause) {
    await rm(to, { force: true });
    throw problem(signal, `${from} is damaged or does not fit on this disk.`, cause);
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

function problem(signal: AbortSignal, message: string, cause: unknown): AppError {
  if (signal.aborted) return cancelled();
  return cause instanceof AppError ? cause : new AppError("unavailable", message, { cause });
}

function header(): Buffer {
  const text = Buffer.from(mark);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(skippableMagic, 0);
  head.writeUInt32LE(text.length, 4);
  return Buffer.concat([head, text]);
}

async function readHeader(path: string): Promise<number> {
  const file = await open(path, "r").catch((cause: unknown) => {
    throw new AppError("not_found", `${path} cannot be read.`, { cause });
  });
  try {
    const expected = header();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(expected.length), 0, expected.length, 0);
    if (bytesRead === expected.length && buffer.equals(expected)) return expected.length;
    throw new AppError("bad_request", `${path} is no exported Longshore disk.`);
  } finally {
    await file.close();
  }
}

import { execFile } from "node:child_process";
import { type FileHandle, open, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { AppError } from "#contract/errors.ts";
import { cancelled } from "../deadline.ts";

const run = promisify(execFile);
const blockBytes = 2 ** 20;

/** Size of a file and what it takes on the host. */
export interface DiskUse {
  readonly maxBytes: number;
  readonly onHostBytes: number;
}

/** Creates a sparse file; throws `conflict` where there is one already: a disk is never overwritten. */
export async function createSparse(path: string, sizeBytes: number): Promise<void> {
  const file = await open(path, "wx", 0o600).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "EEXIST") throw new AppError("conflict", `${path} exists already.`, { cause });
    throw cause;
  });
  try {
    await file.truncate(sizeBytes);
  } finally {
    await file.close();
  }
}

/** Copies a disk and keeps its holes; the copy must not exist. A copy that fails is removed. */
export async function copySparse(from: string, to: string, signal: AbortSignal): Promise<void> {
  const target = await open(to, "wx", 0o600);
  await target.close();
  try {
    if (process.platform === "linux") {
      const args = ["--sparse=always", "--reflink=auto", "--", from, to];
      await run("cp", args, { signal });
      await flushFile(to);
    } else await copyBlocks(from, to, signal);
  } catch (cause) {
    await rm(to, { force: true });
    if (signal.aborted) throw cancelled();
    throw new AppError("unavailable", `${from} could not be copied. Is there room for the copy?`, { cause });
  }
}

/** Returns when the whole file is on the disk and not only in the system's memory. */
export async function flushFile(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function copyBlocks(from: string, to: string, signal: AbortSignal): Promise<void> {
  const source = await open(from, "r");
  const target = await open(to, "r+");
  try {
    const { size } = await source.stat();
    await target.truncate(size);
    for await (const { block, offset } of dataBlocks(source, signal))
      await target.write(block, 0, block.length, offset);
    await target.sync();
  } finally {
    await source.close();
    await target.close();
  }
}

/** The blocks of a file that are not all zero. */
async function* dataBlocks(source: FileHandle, signal: AbortSignal) {
  const buffer = Buffer.alloc(blockBytes);
  for (let offset = 0; ; ) {
    if (signal.aborted) throw cancelled();
    const { bytesRead } = await source.read(buffer, 0, blockBytes, offset);
    if (bytesRead === 0) return;
    const block = buffer.subarray(0, bytesRead);
    if (!isZero(block)) yield { block, offset };
    offset += bytesRead;
  }
}

/** True for a block of zeros; compares with itself shifted by one byte, which is native code. */
export function isZero(block: Buffer): boolean {
  return block.length === 0 || (block[0] === 0 && block.compare(block, 1, block.length, 0, block.length - 1) === 0);
}

/** Writes `to` from a stream of a disk's bytes and leaves holes for zeros. */
export async function writeSparse(to: string, chunks: AsyncIterable<Buffer>, signal: AbortSignal): Promise<void> {
  const target = await open(to, "wx", 0o600);
  let offset = 0;
  try {
    for await (const chunk of chunks) {
      if (signal.aborted) throw cancelled();
      for (let start = 0; start < chunk.length; start += blockBytes) {
        const block = chunk.subarray(start, start + blockBytes);
        if (!isZero(block)) await target.write(block, 0, block.length, offset + start);
      }
      offset += chunk.length;
    }
    await target.truncate(offset);
    await target.sync();
  } finally {
    await target.close();
  }
}

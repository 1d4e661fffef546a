import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";
import tar from "tar-stream";
import { AppError } from "#contract/errors.ts";

const run = promisify(execFile);
const zeros = Buffer.alloc(2 ** 20);

/**
 * All bytes of a disk, in order. Its holes, which are most of it, are not read where GNU tar is there to find them: that
 * would fill the memory with pages of zeros. Node itself cannot ask a file for its holes.
 */
export async function* readSparse(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const version = await run("tar", ["--version"]).catch(() => ({ stdout: "" }));
  if (!version.stdout.includes("GNU tar")) {
    yield* createReadStream(path, { highWaterMark: zeros.length, signal });
    return;
  }
  const { size } = await stat(path);
  let given = 0;
  for await (const chunk of readByTar(path, size, signal)) {
    given += chunk.length;
    yield chunk;
  }
  if (given !== size) throw new AppError("unavailable", `tar gave ${given} of the ${size} bytes of ${path}.`);
}

async function* readByTar(path: string, sizeBytes: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  const how = ["--create", "--sparse", "--hole-detection=seek", "--format=posix", "--file=-"];
  const what = ["--directory", dirname(path), "--", `./${basename(path)}`];
  const child = spawn("tar", [...how, ...what], { stdio: ["ignore", "pipe", "inherit"], signal });
  const ended = once(child, "close");
  // Awaited below; until then a failure must not count as unhandled.
  ended.catch(() => undefined);
  try {
    for await (const entry of child.stdout.pipe(tar.extract())) {
      // What tar-stream gives; its types do not say.
      const attributes = entry.header.pax as Readonly<Record<string, string>> | undefined;
      const bytes = entry as AsyncIterable<Buffer>;
      yield* attributes?.["GNU.sparse.major"] === "1" ? unfold(bytes, sizeBytes) : bytes;
    }
    const [code] = await ended;
    if (code !== 0) throw new AppError("unavailable", `tar ended with status ${code} while it read ${path}.`);
  } finally {
    child.kill();
  }
}

/** An extent of a file: the bytes between two holes. */
interface Extent {
  readonly offset: number;
  readonly size: number;
}

/**
 * The file behind an entry of GNU tar's sparse format 1.0: a map of its extents, then their bytes, one after the other.
 * Source: https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html
 */
async function* unfold(entry: AsyncIterable<Buffer>, sizeBytes: number): AsyncGenerator<Buffer> {
  let position = 0;
  let head = Buffer.alloc(0);
  let extents: Extent[] | undefined;
  let current = 0;
  for await (const chunk of entry) {
    let rest = chunk;
    if (!extents) {
      head = Buffer.concat([head, chunk]);
      const map = parseMap(head);
      if (!map) continue;
      extents = map.extents.filter(({ size }) => size > 0);
      rest = head.subarray(map.sizeBytes);
    }
    while (rest.length > 0) {
      const extent = extents[current];
      if (!extent) throw new AppError("unavailable", "tar gave more bytes than its map names.");
      yield* hole(extent.offset - position);
      position = Math.max(position, extent.offset);
      const end = extent.offset + extent.size;
      const part = rest.subarray(0, end - position);
      yield part;
      position += part.length;
      rest = rest.subarray(part.length);
      if (position === end) current += 1;
    }
  }
  yield* hole(sizeBytes - position);
}

function* hole(sizeBytes: number): Generator<Buffer> {
  for (let left = sizeBytes; left > 0; left -= zeros.length) yield zeros.subarray(0, Math.min(left, zeros.length));
}

/** Decimal numbers, one a line: how many extents, then offset and size of each; filled up to whole blocks of 512 bytes. */
function parseMap(head: Buffer): { extents: Extent[]; sizeBytes: number } | undefined {
  const numbers: number[] = [];
  let at = 0;
  while (numbers.length < 1 + 2 * (numbers[0] ?? 0)) {
    const end = head.indexOf("\n", at);
    if (end < 0) return undefined;
    numbers.push(Number(head.toString("latin1", at, end)));
    at = end + 1;
  }
  const sizeBytes = Math.ceil(at / 512) * 512;
  if (head.length < sizeBytes) return undefined;
  const pairs = numbers.slice(1);
  const extents = pairs.flatMap((offset, index) => (index % 2 === 0 ? [{ offset, size: pairs[index + 1] ?? 0 }] : []));
  return { extents, sizeBytes };
}

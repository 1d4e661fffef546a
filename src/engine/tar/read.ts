import { ByteSource } from "./byte-source.ts";
import { ArchiveError, blockBytes, paddingOf, type TarEntry, type TarType } from "./entry.ts";
import { type PaxRecords, parsePax } from "./pax.ts";

/** Long names and extended headers beyond this are an attack, not a file. */
const maxMetaBytes = 1024 * 1024;

/** An entry and its content, which is read to its end (or skipped) before the next entry comes. */
export interface ReadEntry {
  readonly entry: TarEntry;
  readonly content: () => AsyncGenerator<Buffer>;
}

function text(block: Buffer, start: number, length: number): Buffer {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return end < 0 ? field : field.subarray(0, end);
}

/** Octal digits, or GNU's base-256 for what does not fit them. */
function number(block: Buffer, start: number, length: number): number {
  const field = block.subarray(start, start + length);
  const first = field[0] ?? 0;
  if (first & 0x80) {
    if (first !== 0x80) throw new ArchiveError("The archive holds a number that no file can have.");
    return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  }
  const digits = text(block, start, length).toString("latin1").trim();
  if (digits === "") return 0;
  if (!/^[0-7]+$/.test(digits)) throw new ArchiveError("This is not a tar archive, or it is damaged.");
  return Number.parseInt(digits, 8);
}

function checkSum(block: Buffer): void {
  let sum = 8 * 0x20;
  for (let at = 0; at < blockBytes; at += 1) if (at < 148 || at >= 156) sum += block[at] ?? 0;
  if (sum !== number(block, 148, 8)) throw new ArchiveError("This is not a tar archive, or it is damaged.");
}

function typeOf(flag: string, name: Buffer): TarType {
  switch (flag) {
    case "0":
    case "\0":
    case "7":
      // Archives older than POSIX mark a folder by its slash alone.
      return name.at(-1) === 0x2f ? "directory" : "file";
    case "1":
      return "hardlink";
    case "2":
      return "symlink";
    case "3":
      return "char";
    case "4":
      return "block";
    case "5":
      return "directory";
    case "6":
      return "fifo";
    default:
      throw new ArchiveError(
        `The archive holds an entry of a kind that Longshore does not know (${JSON.stringify(flag)}).`,
      );
  }
}

/** What came before an entry to change it. */
interface Prelude {
  longName?: Buffer;
  longLink?: Buffer;
  pax?: PaxRecords;
}

function headerName(block: Buffer): Buffer {
  const name = text(block, 0, 100);
  const isUstar = block.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isUstar ? text(block, 345, 155) : Buffer.alloc(0);
  return prefix.length > 0 ? Buffer.concat([prefix, Buffer.from("/"), name]) : Buffer.from(name);
}

function toEntry(block: Buffer, flag: string, { longName, longLink, pax }: Prelude): TarEntry {
  const name = pax?.path ?? longName ?? headerName(block);
  const type = typeOf(flag, name);
  const sizeBytes = pax?.sizeBytes ?? number(block, 124, 12);
  if (!Number.isSafeInteger(sizeBytes)) throw new ArchiveError("The archive holds a number that no file can have.");
  return {
    name,
    type,
    // Some writers give links the size of their target; they have no content all the same.
    sizeBytes: type === "file" ? sizeBytes : 0,
    mode: number(block, 100, 8) & 0o7777,
    uid: pax?.uid ?? number(block, 108, 8),
    gid: pax?.gid ?? number(block, 116, 8),
    mtime: pax?.mtime ?? String(number(block, 136, 12)),
    linkName: pax?.linkPath ?? longLink ?? Buffer.from(text(block, 157, 100)),
    deviceMajor: type === "char" || type === "block" ? number(block, 329, 8) : 0,
    deviceMinor: type === "char" || type === "block" ? number(block, 337, 8) : 0,
    xattrs: pax?.xattrs ?? new Map(),
  };
}

async function readMeta(source: ByteSource, sizeBytes: number): Promise<Buffer> {
  if (sizeBytes > maxMetaBytes) throw new ArchiveError("The archive holds a name that is too long.");
  const data = sizeBytes === 0 ? Buffer.alloc(0) : await source.exactly(sizeBytes);
  await source.exactly(paddingOf(sizeBytes));
  if (!data) throw new ArchiveError("The archive ends in the middle: it was cut off.");
  return data;
}

/**
 * Reads a tar archive (ustar, pax, GNU long names) entry by entry. Errors: ArchiveError, always before an entry that
 * it could not have read whole is taken for complete.
 */
export async function* readTar(chunks: AsyncIterable<Buffer>): AsyncGenerator<ReadEntry> {
  const source = new ByteSource(chunks);
  let prelude: Prelude = {};
  try {
    for (;;) {
      const block = await source.exactly(blockBytes);
      if (!block) throw new ArchiveError("The archive ends in the middle: it was cut off.");
      if (block.every((byte) => byte === 0)) break;
      checkSum(block);
      const flag = block.toString("latin1", 156, 157);
      const sizeBytes = number(block, 124, 12);
      if (flag === "x") prelude = { ...prelude, pax: parsePax(await readMeta(source, sizeBytes)) };
      // Its records are about the archive as a whole, such as a comment: none of them changes an entry here.
      else if (flag === "g") await readMeta(source, sizeBytes);
      else if (flag === "L") prelude = { ...prelude, longName: withoutNul(await readMeta(source, sizeBytes)) };
      else if (flag === "K") prelude = { ...prelude, longLink: withoutNul(await readMeta(source, sizeBytes)) };
      else {
        const entry = toEntry(block, flag, prelude);
        prelude = {};
        yield* oneEntry(source, entry);
      }
    }
    // What follows the end mark is padding; it is read so that the checksum of a compressed archive is checked.
    while (await source.some(blockBytes * 128));
  } finally {
    await source.close();
  }
}

async function* oneEntry(source: ByteSource, entry: TarEntry): AsyncGenerator<ReadEntry> {
  let left = entry.sizeBytes;
  async function* content(): AsyncGenerator<Buffer> {
    while (left > 0) {
      const part = await source.some(left);
      if (!part) throw new ArchiveError("The archive ends in the middle: it was cut off.");
      left -= part.length;
      yield part;
    }
  }
  yield { entry, content };
  for await (const _rest of content());
  const padding = paddingOf(entry.sizeBytes);
  if (padding > 0 && !(await source.exactly(padding))) {
    throw new ArchiveError("The archive ends in the middle: it was cut off.");
  }
}

function withoutNul(name: Buffer): Buffer {
  const end = name.indexOf(0);
  return end < 0 ? name : name.subarray(0, end);
}

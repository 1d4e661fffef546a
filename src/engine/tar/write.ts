import { blockBytes, paddingOf, type TarEntry, typeFlags } from "./entry.ts";
import { encodePax, type PaxRecords } from "./pax.ts";

const maxOctal7 = 0o7777777;
const maxOctal11 = 0o77777777777;

/** Two blocks of zeros. */
export const endOfArchive: Buffer = Buffer.alloc(2 * blockBytes);

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

/** True for names that every reader takes from the plain header alike. */
function isPlain(name: Buffer): boolean {
  return name.length <= 99 && name.every((byte) => byte >= 0x20 && byte < 0x7f);
}

function block(entry: TarEntry, flag: string): Buffer {
  const header = Buffer.alloc(blockBytes);
  entry.name.copy(header, 0, 0, 99);
  header.write(octal(entry.mode, 7), 100);
  header.write(octal(Math.min(entry.uid, maxOctal7), 7), 108);
  header.write(octal(Math.min(entry.gid, maxOctal7), 7), 116);
  header.write(octal(Math.min(entry.sizeBytes, maxOctal11), 11), 124);
  header.write(octal(Math.min(Math.max(0, Math.floor(Number(entry.mtime))), maxOctal11), 11), 136);
  header.write(" ".repeat(8), 148);
  header.write(flag, 156);
  entry.linkName.copy(header, 157, 0, 99);
  header.write("ustar\x0000", 257, "latin1");
  header.write(octal(entry.deviceMajor, 7), 329);
  header.write(octal(entry.deviceMinor, 7), 337);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return header;
}

function paxOf(entry: TarEntry): PaxRecords {
  const hasPlainTime = /^\d{1,11}$/.test(entry.mtime) && Number(entry.mtime) <= maxOctal11;
  return {
    ...(isPlain(entry.name) ? {} : { path: entry.name }),
    ...(isPlain(entry.linkName) ? {} : { linkPath: entry.linkName }),
    ...(entry.sizeBytes > maxOctal11 ? { sizeBytes: entry.sizeBytes } : {}),
    ...(entry.uid > maxOctal7 ? { uid: entry.uid } : {}),
    ...(entry.gid > maxOctal7 ? { gid: entry.gid } : {}),
    ...(hasPlainTime ? {} : { mtime: entry.mtime }),
    ...(entry.xattrs.size > 0 ? { xattrs: new Map(entry.xattrs) } : {}),
  };
}

/** The blocks before an entry's content: an extended header where the plain one does not hold it, and the header. */
export function encodeHeader(entry: TarEntry): Buffer {
  const records = encodePax(paxOf(entry));
  const header = block(entry, typeFlags[entry.type]);
  if (records.length === 0) return header;
  const meta = { ...plainFile("pax", records.length), linkName: Buffer.alloc(0) };
  return Buffer.concat([block(meta, "x"), records, Buffer.alloc(paddingOf(records.length)), header]);
}

/** What fills the last block of an entry's content. */
export function encodePadding({ sizeBytes }: TarEntry): Buffer {
  return Buffer.alloc(paddingOf(sizeBytes));
}

/** An ordinary file of root's, dated now. */
export function plainFile(name: string | Buffer, sizeBytes: number): TarEntry {
  return {
    name: typeof name === "string" ? Buffer.from(name) : name,
    type: "file",
    sizeBytes,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: String(Math.floor(Date.now() / 1000)),
    linkName: Buffer.alloc(0),
    deviceMajor: 0,
    deviceMinor: 0,
    xattrs: new Map(),
  };
}

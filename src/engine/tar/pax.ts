import { ArchiveError } from "./entry.ts";

/** What an extended header (POSIX.1-2001 "pax") says of the entry behind it. */
export interface PaxRecords {
  path?: Buffer;
  linkPath?: Buffer;
  sizeBytes?: number;
  uid?: number;
  gid?: number;
  mtime?: string;
  xattrs?: Map<string, Buffer>;
}

const xattrPrefix = "SCHILY.xattr.";
const equals = 0x3d;
const newline = 0x0a;

function wholeNumber(value: Buffer): number {
  const digits = value.toString("latin1");
  const result = Number(digits);
  if (!/^\d+$/.test(digits) || !Number.isSafeInteger(result)) {
    throw new ArchiveError("The archive holds a number that no file can have.");
  }
  return result;
}

function seconds(value: Buffer): string {
  const digits = value.toString("latin1");
  if (!/^-?\d{1,15}(\.\d{1,20})?$/.test(digits)) throw new ArchiveError("The archive holds a time that is none.");
  return digits;
}

function apply(records: PaxRecords, key: string, value: Buffer): void {
  if (key === "path") records.path = value;
  else if (key === "linkpath") records.linkPath = value;
  else if (key === "size") records.sizeBytes = wholeNumber(value);
  else if (key === "uid") records.uid = wholeNumber(value);
  else if (key === "gid") records.gid = wholeNumber(value);
  else if (key === "mtime") records.mtime = seconds(value);
  else if (key.startsWith(xattrPrefix)) {
    records.xattrs ??= new Map();
    records.xattrs.set(key.slice(xattrPrefix.length), value);
  } else if (key.startsWith("GNU.sparse.")) {
    throw new ArchiveError("The archive holds sparse files in GNU's own form, which Longshore does not read.");
  }
}

/** Records are `length key=value\n`, the length counting itself. Errors: ArchiveError. */
export function parsePax(data: Buffer): PaxRecords {
  const records: PaxRecords = {};
  let at = 0;
  while (at < data.length) {
    const space = data.indexOf(0x20, at);
    const length = Number(data.toString("latin1", at, space < 0 ? at : space));
    const end = at + length;
    const split = data.indexOf(equals, space);
    const isWhole = Number.isInteger(length) && length > 0 && end <= data.length && split > 0 && split < end;
    if (!isWhole || data[end - 1] !== newline)
      throw new ArchiveError("The archive is damaged: an extended header is broken.");
    apply(records, data.toString("utf8", space + 1, split), Buffer.from(data.subarray(split + 1, end - 1)));
    at = end;
  }
  return records;
}

function record(key: string, value: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from("\n")]);
  let length = body.length + 1;
  while (String(length).length + body.length !== length) length = String(length).length + body.length;
  return Buffer.concat([Buffer.from(String(length)), body]);
}

/** The extended header of some records; empty where there are none. */
export function encodePax(records: PaxRecords): Buffer {
  const { path, linkPath, sizeBytes, uid, gid, mtime, xattrs = new Map<string, Buffer>() } = records;
  const parts: Buffer[] = [];
  const add = (key: string, value: Buffer | string | number | undefined): void => {
    if (value !== undefined) parts.push(record(key, Buffer.isBuffer(value) ? value : Buffer.from(String(value))));
  };
  add("path", path);
  add("linkpath", linkPath);
  add("size", sizeBytes);
  add("uid", uid);
  add("gid", gid);
  add("mtime", mtime);
  for (const [key, value] of xattrs) add(`${xattrPrefix}${key}`, value);
  return Buffer.concat(parts);
}

/** Kinds of entries by their type flag (POSIX.1-2001 ustar). */
export const typeFlags = {
  file: "0",
  hardlink: "1",
  symlink: "2",
  char: "3",
  block: "4",
  directory: "5",
  fifo: "6",
} as const;

export type TarType = keyof typeof typeFlags;

/**
 * One entry of a tar archive, whatever dialect it was written in. Names stay bytes: a volume may hold names that are
 * no UTF-8, which is why no library that makes strings of them is used here.
 */
export interface TarEntry {
  /** Path as it stands in the archive. */
  readonly name: Buffer;
  readonly type: TarType;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970, as decimal text: nanoseconds do not fit a number. */
  readonly mtime: string;
  /** Of links: where they lead. */
  readonly linkName: Buffer;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  /** Extended attributes by name. */
  readonly xattrs: ReadonlyMap<string, Buffer>;
}

export const blockBytes = 512;

/** Bytes that fill the last block of `sizeBytes`. */
export function paddingOf(sizeBytes: number): number {
  return (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
}

/** An archive that cannot be what it says it is, or holds what must not be unpacked; `message` is for the user. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

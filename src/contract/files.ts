import { z } from "zod";
import { call, stream } from "./rpc/procedure.ts";
import { startedTask } from "./tasks.ts";

/**
 * A path inside a volume: names joined by `/`, the root is "". Names are UTF-8; a byte that is not is written as the
 * lone surrogate U+DC80 + (byte - 0x80), so that every name survives the way to the screen and back.
 */
export const filePath = z
  .string()
  .max(65_536)
  .refine((path) => path === "" || path.split("/").every((part) => part !== "" && part !== "." && part !== ".."), {
    message: "is not a path inside the volume",
  })
  .refine((path) => !path.includes("\0"), { message: "holds a NUL" });

const fileName = filePath.refine((name) => name !== "" && !name.includes("/"), { message: "is not a file name" });

export const fileTypes = ["file", "folder", "link", "fifo", "socket", "device"] as const;

export interface FileEntry {
  readonly name: string;
  readonly type: (typeof fileTypes)[number];
  readonly sizeBytes: number;
  /** Permission bits, for example 0o644. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** Where a link leads. */
  readonly target?: string;
}

/** Entries as they travel: a column a field, which for ten thousand takes half the bytes and time of as many objects. */
const fileColumns = z.object({
  names: z.array(z.string()),
  types: z.array(z.enum(fileTypes)),
  sizes: z.array(z.number()),
  modes: z.array(z.int()),
  uids: z.array(z.int()),
  gids: z.array(z.int()),
  times: z.array(z.number()),
  /** Of the links alone: which entry, and where it leads. */
  targets: z.array(z.tuple([z.int(), z.string()])),
});

type FileColumns = z.infer<typeof fileColumns>;

export function toColumns(entries: readonly FileEntry[]): FileColumns {
  return {
    names: entries.map(({ name }) => name),
    types: entries.map(({ type }) => type),
    sizes: entries.map(({ sizeBytes }) => sizeBytes),
    modes: entries.map(({ mode }) => mode),
    uids: entries.map(({ uid }) => uid),
    gids: entries.map(({ gid }) => gid),
    times: entries.map(({ modifiedAt }) => modifiedAt),
    targets: entries.flatMap(({ target }, index) => (target === undefined ? [] : [[index, target] as const])),
  };
}

export function fromColumns(columns: FileColumns): FileEntry[] {
  const { names, types, sizes, modes, uids, gids, times } = columns;
  const targets = new Map(columns.targets);
  return names.map((name, index) => {
    const [type = "file", sizeBytes = 0, mode = 0] = [types[index], sizes[index], modes[index]];
    const [uid = 0, gid = 0, modifiedAt = 0] = [uids[index], gids[index], times[index]];
    const target = targets.get(index);
    return { name, type, sizeBytes, mode, uid, gid, modifiedAt, ...(target === undefined ? {} : { target }) };
  });
}

const volume = z.string().min(1).max(255);
const place = z.object({ volume, path: filePath });
const done = z.object({});

/** What to do where a name is taken. */
export const onConflict = z.enum(["refuse", "replace", "keepBoth", "skip"]);
export type OnConflict = z.infer<typeof onConflict>;

/** Largest text that is opened for editing. */
export const maxEditBytes = 1024 * 1024;
/** Largest piece of an upload. */
export const maxPieceBytes = 1024 * 1024;

/** Most names that are asked about at once. */
export const maxNames = 1000;

/** Files of a volume, also of one that no container uses. All are protected volumes' guards: conflict. */
export const files = {
  /** One folder, unsorted. Errors: not_found; bad_request where it is no folder or a link out of the volume. */
  list: call(place, z.object({ columns: fileColumns, /** More than are given. */ total: z.int() })),
  /** The start of a file, at most `maxBytes`. Errors: not_found; bad_request where it is none. */
  read: call(
    place.extend({
      maxBytes: z
        .int()
        .min(1)
        .max(8 * 1024 * 1024),
    }),
    z.object({
      bytes: z.instanceof(Uint8Array),
      sizeBytes: z.number(),
      /** sha256 of what was read, as `write` expects it. */
      digest: z.string(),
    }),
  ),
  /**
   * Replaces a file's content at once and keeps its owner and mode. Errors: conflict where it is no longer what
   * `expected` says, with `data.reason` `changed`.
   */
  write: call(
    place.extend({
      bytes: z.instanceof(Uint8Array),
      /** Digest as read; absent overwrites whatever is there. */ expected: z.string().optional(),
    }),
    z.object({ digest: z.string() }),
  ),
  /** Makes a folder and those above it. Errors: conflict where the name is taken. */
  makeFolder: call(place, done),
  /** Errors: conflict where the new name is taken. */
  rename: call(place.extend({ newName: fileName }), done),
  /** Deletes files, and folders with all that is in them. */
  remove: call(z.object({ volume, paths: z.array(filePath).min(1).max(10_000) }), done),
  /** Copies files and folders into a folder of a volume. */
  copy: call(
    z.object({
      from: z.object({ volume, paths: z.array(filePath).min(1).max(1000) }),
      to: z.object({ volume, folder: filePath }),
      onConflict,
    }),
    startedTask,
  ),
  /** Names of `names` that a folder already has. */
  taken: call(
    z.object({ volume, folder: filePath, names: z.array(fileName).max(maxNames) }),
    z.object({ names: z.array(z.string()) }),
  ),
  /**
   * Begins an upload of one file; pieces follow in order. It appears under its name once it is complete, never before;
   * an upload that nobody continues for a minute is given up.
   */
  beginUpload: call(
    z.object({ volume, folder: filePath, name: fileName, sizeBytes: z.int().nonnegative(), onConflict }),
    z.object({ upload: z.string() }),
  ),
  uploadPiece: call(z.object({ upload: z.string(), bytes: z.instanceof(Uint8Array) }), done),
  /** Gives the name under which the file is there now. */
  finishUpload: call(z.object({ upload: z.string() }), z.object({ name: z.string() })),
  cancelUpload: call(z.object({ upload: z.string() }), done),
  /** One file as it is; a folder, or several things, as a tar archive. Leaving the stream cancels. */
  download: stream(
    z.object({ volume, paths: z.array(filePath).min(1).max(1000) }),
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("start"), name: z.string(), sizeBytes: z.number().optional() }),
      z.object({ kind: z.literal("bytes"), bytes: z.instanceof(Uint8Array) }),
    ]),
  ),
} as const;

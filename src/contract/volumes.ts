import { z } from "zod";
import { listUpdate, nothing } from "./lists.ts";
import { call, stream } from "./rpc/procedure.ts";
import { startedTask } from "./tasks.ts";

/** A container that mounts a volume, and where. */
export const volumeUse = z.object({
  id: z.string(),
  name: z.string(),
  /** Also true while it is paused: its processes exist. */
  running: z.boolean(),
  destination: z.string(),
  readOnly: z.boolean(),
});

export type VolumeUse = z.infer<typeof volumeUse>;

const strings = z.record(z.string(), z.string());

/** What a volume is for: the user's own, one in the trash, or one that a job of Longshore left unfinished. */
export const volumeRole = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("own") }),
  z.object({
    kind: z.literal("trash"),
    /** What its restore brings back. */
    name: z.string(),
    driver: z.string(),
    labels: strings,
    options: strings,
    /** Milliseconds since 1970. */
    removedAt: z.number(),
    why: z.enum(["removed", "replaced", "emptied"]),
  }),
  z.object({ kind: z.literal("unfinished"), purpose: z.enum(["import", "clone", "empty"]), name: z.string() }),
]);

/** One row of the volumes list (`GET /volumes`). Sizes are asked for one by one: they are dear. */
export const volumeSummary = z.object({
  name: z.string(),
  driver: z.string(),
  mountpoint: z.string(),
  createdAt: z.number().optional(),
  labels: strings,
  options: strings,
  scope: z.string(),
  /** Made by the engine for a container that named none. */
  anonymous: z.boolean(),
  role: volumeRole,
  usedBy: z.array(volumeUse),
});

export type VolumeSummary = z.infer<typeof volumeSummary>;

/** What Longshore itself knows of the connected engine's volumes. */
export const volumeFacts = z.object({
  /** Names of volumes that may not be changed. */
  protected: z.array(z.string()),
  /** Sizes as last measured; times are milliseconds since 1970. */
  sizes: z.array(z.object({ name: z.string(), sizeBytes: z.number(), measuredAt: z.number() })),
  /** Where backups go unless another folder is given. */
  backupFolder: z.string(),
});

export type VolumeFacts = z.infer<typeof volumeFacts>;

/** Docker's rule for names (`RestrictedNameChars`). */
export const volumeName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, "starts with a letter or digit, then at least one of a-z A-Z 0-9 _ . -")
  .max(255);

/** Names of volumes that exist: engines list some that the rule for new ones would refuse. */
const existing = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^/\\\0?#]+$/, "is not a volume's name");
const target = z.object({ name: existing });
const done = z.object({});
const path = z.string().min(1).max(4096);

export const backupFormats = ["tar.zst", "tar.gz"] as const;

/** The first entry of a backup, `longshore.json`. */
export const backupManifest = z.object({
  format: z.literal("longshore-volume"),
  formatVersion: z.literal(1),
  name: z.string(),
  driver: z.string(),
  labels: strings,
  options: strings,
  createdAt: z.number().optional(),
  exportedAt: z.number(),
  usedBy: z.array(z.object({ name: z.string(), image: z.string(), destination: z.string() })),
});

export type BackupManifest = z.infer<typeof backupManifest>;

/** What a backup holds, read from start to end before anything is changed. */
export const backupContent = z.object({
  path: z.string(),
  archiveBytes: z.number(),
  /** Absent where the archive was made by something else. */
  manifest: backupManifest.optional(),
  entries: z.int(),
  /** Of all files when unpacked. */
  sizeBytes: z.number(),
  /** Links that lead out of the volume: they are refused unless they are asked for. */
  outsideLinks: z.array(z.string()),
  /** Whether the file beside it (`.sha256`) was there and matched. */
  checksum: z.enum(["matches", "absent"]),
});

export type BackupContent = z.infer<typeof backupContent>;

const outcome = z.object({ name: z.string(), error: z.string().optional() });

export const volumes = {
  watch: stream(nothing, listUpdate(volumeSummary)),
  watchFacts: stream(nothing, volumeFacts),
  /** Measures some volumes one by one, or all at once by the engine's own count. Errors: not_found. */
  measure: call(z.object({ names: z.array(existing).max(500).optional() }), done),
  /** Errors: conflict where the name is taken; bad_request for options that the driver refuses. */
  create: call(
    z.object({ name: volumeName.optional(), driver: z.string().min(1).max(255), options: strings, labels: strings }),
    z.object({ name: z.string() }),
  ),
  /** A protected volume cannot be changed, removed or pruned from here. */
  protect: call(target.extend({ protected: z.boolean() }), done),
  /**
   * Moves a volume to the trash, or deletes it for good. `trash` is what `restore` takes. Errors: not_found; conflict
   * where it is protected or a container has it.
   */
  remove: call(target.extend({ permanently: z.boolean() }), z.object({ trash: z.string().optional() })),
  /** Unused volumes with their sizes; measures what was not measured yet. */
  prunePreview: call(
    nothing,
    z.object({
      items: z.array(
        z.object({
          name: z.string(),
          anonymous: z.boolean(),
          protected: z.boolean(),
          createdAt: z.number().optional(),
          sizeBytes: z.number().optional(),
        }),
      ),
    }),
  ),
  /** Removes exactly the named ones; one that meanwhile came into use stays and is reported. */
  prune: call(
    z.object({ names: z.array(existing).min(1).max(10_000), permanently: z.boolean() }),
    z.object({ outcomes: z.array(outcome) }),
  ),
  /** Brings a volume back from the trash, by the trash volume's name. Errors: conflict where its name is taken. */
  restore: call(z.object({ trash: existing, name: volumeName.optional() }), z.object({ name: z.string() })),
  /** Deletes volumes of the trash, and unfinished ones, for good. */
  discard: call(z.object({ names: z.array(existing).min(1).max(10_000) }), z.object({ outcomes: z.array(outcome) })),
  /** Moves all files to the trash; the volume stays. Errors: conflict as for remove, or while a container runs on it. */
  empty: call(target, z.object({ trash: z.string() })),
  /** Writes a backup and its checksum. `pause` freezes running containers that write to it meanwhile. */
  export: call(
    target.extend({ folder: path.optional(), format: z.enum(backupFormats), pause: z.boolean() }),
    startedTask,
  ),
  /** Backups in a folder, newest first. */
  listBackups: call(
    z.object({ folder: path.optional() }),
    z.object({
      folder: z.string(),
      files: z.array(z.object({ path: z.string(), sizeBytes: z.number(), modifiedAt: z.number() })),
    }),
  ),
  /** Reads a backup to its end. Errors: bad_request where it is cut, wrong, or holds what must not be unpacked. */
  inspectBackup: call(z.object({ path }), backupContent),
  /**
   * Unpacks a backup into a new volume, or in place of what an existing one holds (which goes to the trash).
   * Errors of the task: conflict where running containers use it and `stop` is false.
   */
  import: call(
    z.object({
      path,
      into: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("new"), name: volumeName }),
        z.object({ kind: z.literal("replace"), name: existing, stop: z.boolean() }),
      ]),
      keepOutsideLinks: z.boolean(),
    }),
    startedTask,
  ),
  clone: call(target.extend({ newName: volumeName }), startedTask),
} as const;

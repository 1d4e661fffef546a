import { randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "#contract/errors.ts";
import type { StoredDisk } from "#contract/machine.ts";
import { copySparse, createSparse, type DiskUse } from "./sparse.ts";

/** Days for which a disk stays in the trash. */
const trashDays = 7;
const dayMs = 86_400_000;

interface DiskFolders {
  readonly disks: string;
  readonly trash: string;
}

/**
 * The data disks of a home: `disks/<id>.raw`, of which the machine uses one, and `trash/`. Nothing here
 * formats or overwrites a disk; the only deletions are `deleteDisk` and the emptying of old trash.
 */
export function diskStore(folders: DiskFolders) {
  const pathOf = (id: string) => join(folders.disks, `${checkId(id)}.raw`);
  return {
    pathOf,
    create: async (sizeBytes: number): Promise<string> => {
      const id = newId();
      await createSparse(pathOf(id), sizeBytes);
      return id;
    },
    copy: async (id: string, signal: AbortSignal): Promise<string> => {
      const copy = newId();
      await copySparse(pathOf(id), pathOf(copy), signal);
      return copy;
    },
    /** A free id and path for a disk that is written by the caller. */
    reserve: (): { id: string; path: string } => {
      const id = newId();
      return { id, path: pathOf(id) };
    },
    exists: (id: string) => stat(pathOf(id)).then(isTrue, () => false),
    use: (id: string): Promise<DiskUse> => diskUse(pathOf(id)),
    /** Grows the file; a smaller size is refused, because it would cut the file system. */
    grow: async (id: string, sizeBytes: number): Promise<void> => {
      const { maxBytes } = await diskUse(pathOf(id));
      if (sizeBytes < maxBytes) throw new AppError("bad_request", "A disk shrinks only by a checked copy.");
      if (sizeBytes > maxBytes) await truncate(pathOf(id), sizeBytes);
    },
    /** Cuts a copy whose file system was shrunk to at most this size before. */
    cutTo: (id: string, sizeBytes: number) => truncate(pathOf(id), sizeBytes),
    moveToTrash: async (id: string, why: string): Promise<void> => {
      await writeFile(join(folders.trash, `${id}.json`), JSON.stringify({ why, trashedAt: Date.now() }));
      await rename(pathOf(id), join(folders.trash, `${id}.raw`));
    },
    restore: async (id: string): Promise<void> => {
      await rename(join(folders.trash, `${checkId(id)}.raw`), pathOf(id));
      await rm(join(folders.trash, `${id}.json`), { force: true });
    },
    list: (usedId: string | undefined) => listDisks(folders, usedId),
    /** Removes a copy that was made and never used. */
    discardCopy: (id: string) => rm(pathOf(id), { force: true }),
    remove: (disk: StoredDisk) => rm(disk.path),
    emptyOldTrash: () => emptyOldTrash(folders),
  };
}

export type DiskStore = ReturnType<typeof diskStore>;

function newId(): string {
  return `data-${randomUUID().slice(0, 8)}`;
}

function checkId(id: string): string {
  if (/^[\w-]{1,64}$/.test(id)) return id;
  throw new AppError("bad_request", `"${id}" is no disk.`);
}

const isTrue = () => true;

async function diskUse(path: string): Promise<DiskUse> {
  const info = await stat(path);
  return { maxBytes: info.size, onHostBytes: info.blocks * 512 };
}

async function listDisks(folders: DiskFolders, usedId: string | undefined): Promise<StoredDisk[]> {
  const orphans = (await rawFiles(folders.disks)).filter((id) => id !== usedId);
  const trashed = await rawFiles(folders.trash);
  return [
    ...(await Promise.all(orphans.map((id) => describe(folders.disks, id, "orphan")))),
    ...(await Promise.all(trashed.map((id) => describe(folders.trash, id, "trash")))),
  ];
}

async function rawFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(".raw")).map((name) => name.slice(0, -".raw".length));
}

async function describe(folder: string, id: string, place: "orphan" | "trash"): Promise<StoredDisk> {
  const path = join(folder, `${id}.raw`);
  const info = await stat(path);
  const disk = { id, path, place, sizeBytes: info.blocks * 512, modifiedAt: info.mtimeMs };
  if (place === "orphan") return disk;
  const note = await readNote(join(folder, `${id}.json`), info.ctimeMs);
  return { ...disk, deleteAt: note.trashedAt + trashDays * dayMs, why: note.why };
}

async function readNote(path: string, otherwise: number): Promise<{ why: string; trashedAt: number }> {
  try {
    const { why, trashedAt } = JSON.parse(await readFile(path, "utf8")) as { why?: string; trashedAt?: number };
    return { why: why ?? "unknown", trashedAt: trashedAt ?? otherwise };
  } catch {
    return { why: "unknown", trashedAt: otherwise };
  }
}

async function emptyOldTrash(folders: DiskFolders): Promise<void> {
  for (const disk of await listDisks(folders, undefined)) {
    if (disk.place !== "trash" || disk.deleteAt === undefined || disk.deleteAt > Date.now()) continue;
    await rm(disk.path, { force: true });
    await rm(join(folders.trash, `${disk.id}.json`), { force: true });
  }
}

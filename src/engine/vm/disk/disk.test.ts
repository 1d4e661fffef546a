import { execFile } from "node:child_process";
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportDisk, importDisk } from "./archive.ts";
import { diskStore } from "./disk-store.ts";
import { shrinkOnHost } from "./host-resize.ts";
import { differenceSinceStop, inventoryDifference } from "./inventory.ts";
import { readSparse } from "./read-sparse.ts";
import { copySparse, isZero } from "./sparse.ts";
import { readExt4Size } from "./superblock.ts";

const run = promisify(execFile);
const never = new AbortController().signal;
const unwatched = { signal: never, report() {} };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "disk-"));
  await mkdir(join(folder, "disks"));
  await mkdir(join(folder, "trash"));
});

afterEach(() => rm(folder, { recursive: true }));

function store() {
  return diskStore({ disks: join(folder, "disks"), trash: join(folder, "trash") });
}

async function writeAt(path: string, offset: number, text: string): Promise<void> {
  const file = await open(path, "r+");
  await file.write(text, offset);
  await file.close();
}

describe("diskStore", () => {
  it("makes sparse disks, finds those that nobody uses, and never shrinks by cutting", async () => {
    const disks = store();
    const id = await disks.create(2 ** 30);
    expect(await disks.use(id)).toEqual({ maxBytes: 2 ** 30, onHostBytes: 0 });
    expect(await disks.list(id)).toEqual([]);
    expect((await disks.list(undefined)).map(({ place }) => place)).toEqual(["orphan"]);
    await expect(disks.grow(id, 2 ** 29)).rejects.toMatchObject({ code: "bad_request" });
    await disks.grow(id, 2 ** 31);
    expect((await disks.use(id)).maxBytes).toBe(2 ** 31);
    expect(() => disks.pathOf("../x")).toThrow("no disk");
  });

  it("keeps the trash for seven days", async () => {
    const disks = store();
    const id = await disks.create(4096);
    await disks.moveToTrash(id, "test");
    const [trashed] = await disks.list(undefined);
    expect(trashed).toMatchObject({ id, place: "trash", why: "test" });
    await disks.emptyOldTrash();
    expect(await disks.list(undefined)).toHaveLength(1);
    const note = join(folder, "trash", `${id}.json`);
    await writeFile(note, JSON.stringify({ why: "test", trashedAt: Date.now() - 8 * 86_400_000 }));
    await disks.emptyOldTrash();
    expect(await disks.list(undefined)).toEqual([]);
  });
});

describe("copies and archives", () => {
  it("keep the bytes and the holes", async () => {
    const disks = store();
    const id = await disks.create(64 * 2 ** 20);
    const path = disks.pathOf(id);
    await writeAt(path, 5_000_000, "hello");
    await writeAt(path, 60 * 2 ** 20, "end");
    const copy = join(folder, "copy.raw");
    await copySparse(path, copy, never);
    const archive = join(folder, "a b.zst");
    const reported: { doneBytes: number; totalBytes: number }[] = [];
    const watched = { signal: never, report: (progress: (typeof reported)[number]) => void reported.push(progress) };
    const size = await exportDisk(path, archive, watched);
    expect(reported.at(-1)).toEqual({ doneBytes: 64 * 2 ** 20, totalBytes: 64 * 2 ** 20 });
    const restored = join(folder, "restored.raw");
    await importDisk(archive, restored, watched);
    const { doneBytes = 0, totalBytes } = reported.at(-1) ?? {};
    expect(doneBytes).toBe(totalBytes);
    expect(size - doneBytes).toBe(8 + "longshore-disk-1".length);
    const original = await readFile(path);
    for (const other of [copy, restored]) {
      expect(original.equals(await readFile(other))).toBe(true);
      expect((await stat(other)).blocks * 512).toBeLessThan(4 * 2 ** 20);
    }
    await expect(exportDisk(path, archive, unwatched)).rejects.toMatchObject({ code: "conflict" });
  });

  it("read every byte of a disk in many pieces, of one that is a hole, and of one without any", async () => {
    const disks = store();
    const pieces = disks.pathOf(await disks.create(16 * 2 ** 20));
    for (let at = 0; at < 16 * 2 ** 20; at += 2 ** 15) await writeAt(pieces, at + 4_095, `piece at ${at}`);
    const empty = disks.pathOf(await disks.create(3 * 2 ** 20 + 512));
    const full = disks.pathOf(await disks.create(100_000));
    await writeAt(full, 0, "x".repeat(100_000));
    for (const path of [pieces, empty, full]) {
      expect((await buffer(readSparse(path, never))).equals(await readFile(path))).toBe(true);
    }
  });

  it("refuse what is cut or something else, and leave nothing behind", async () => {
    const disks = store();
    const id = await disks.create(2 ** 20);
    await writeAt(disks.pathOf(id), 0, "x".repeat(100_000));
    const archive = join(folder, "a.zst");
    await exportDisk(disks.pathOf(id), archive, unwatched);
    const cut = join(folder, "cut.zst");
    await writeFile(cut, (await readFile(archive)).subarray(0, 40));
    const target = join(folder, "t.raw");
    await expect(importDisk(cut, target, unwatched)).rejects.toMatchObject({ code: "unavailable" });
    await writeFile(cut, "not a disk");
    await expect(importDisk(cut, target, unwatched)).rejects.toMatchObject({ code: "bad_request" });
    expect(await readdir(folder)).not.toContain("t.raw");
    await utimes(archive, 0, 0);
  });

  it("know a block of zeros", () => {
    expect(isZero(Buffer.alloc(4096))).toBe(true);
    expect(isZero(Buffer.from([0, 0, 1, 0]))).toBe(false);
    expect(isZero(Buffer.from([0, 0, 0, 1]))).toBe(false);
    expect(isZero(Buffer.alloc(0))).toBe(true);
  });
});

describe("inventoryDifference", () => {
  it("tells what is missing and what is more", () => {
    const before = { containers: ["a"], images: ["i"], volumes: [] };
    expect(inventoryDifference(before, before)).toBe("");
    expect(inventoryDifference(before, { containers: [], images: ["i"], volumes: ["v"] })).toBe(
      "1 containers missing (a); 1 volumes more (v)",
    );
  });

  it("has nothing to tell where no orderly stop was", async () => {
    const now = { containers: ["a"], images: [], volumes: [] };
    const guest = { inventory: async () => now, lastInventory: async () => undefined };
    expect(await differenceSinceStop(guest)).toBe("");
    expect(await differenceSinceStop({ ...guest, lastInventory: async () => ({ ...now, volumes: ["v"] }) })).toBe(
      "1 volumes missing (v)",
    );
  });
});

describe("shrinkOnHost", () => {
  it("makes a file system smaller, and says where it cannot", async () => {
    const disk = join(folder, "fs.raw");
    await writeFile(disk, "");
    await truncate(disk, 256 * 2 ** 20);
    const made = await run("/usr/sbin/mke2fs", ["-q", "-F", "-t", "ext4", disk]).then(
      () => true,
      () => false,
    );
    expect(await shrinkOnHost(disk, 64 * 2 ** 20, process.env)).toBe(made);
    if (!made) return;
    const { stdout } = await run("/usr/sbin/dumpe2fs", ["-h", disk]);
    const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(stdout)?.[1]);
    const blocks = number("Block count");
    expect(blocks * number("Block size")).toBe(64 * 2 ** 20);
    expect(await readExt4Size(disk)).toEqual({
      sizeBytes: blocks * number("Block size"),
      usedBytes: (blocks - number("Free blocks")) * number("Block size"),
    });
    await writeFile(disk, "nonsense");
    expect(await shrinkOnHost(disk, 64 * 2 ** 20, process.env)).toBe(false);
    await expect(readExt4Size(disk)).rejects.toMatchObject({ code: "internal" });
  });
});

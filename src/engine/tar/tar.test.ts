import fc from "fast-check";
import { expect, test } from "vitest";
import { ArchiveError, type TarEntry, type TarType } from "./entry.ts";
import { ArchiveGuard } from "./guard.ts";
import { readTar } from "./read.ts";
import { encodeHeader, encodePadding, endOfArchive, plainFile } from "./write.ts";

const anyByteName = fc
  .uint8Array({ minLength: 1, maxLength: 255 })
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x61 : byte))));

const entries: fc.Arbitrary<TarEntry> = fc.record({
  name: anyByteName,
  type: fc.constantFrom<TarType>("directory", "symlink", "fifo"),
  sizeBytes: fc.constant(0),
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: fc.integer({ min: 0, max: 4_294_967_294 }),
  gid: fc.integer({ min: 0, max: 4_294_967_294 }),
  mtime: fc.oneof(
    fc.integer({ min: 0, max: 9_999_999_999 }).map(String),
    fc
      .tuple(fc.integer({ min: -999, max: 9_999_999_999 }), fc.integer({ min: 1, max: 9 }))
      .map((p) => `${p[0]}.${p[1]}`),
  ),
  linkName: anyByteName,
  deviceMajor: fc.constant(0),
  deviceMinor: fc.constant(0),
  xattrs: fc.constant(new Map([["security.capability", Buffer.from([1, 0, 10, 255])]])),
});

/** Chunks cut anywhere. */
async function* cut(archive: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < archive.length; at += size) yield archive.subarray(at, at + size);
}

function withContent(entry: TarEntry, content = Buffer.alloc(0)): Buffer {
  return Buffer.concat([encodeHeader(entry), content, encodePadding(entry)]);
}

async function readAll(archive: Buffer, size = 4096): Promise<{ entry: TarEntry; content: Buffer }[]> {
  const found = [];
  for await (const { entry, content } of readTar(cut(archive, size))) {
    const chunks: Buffer[] = [];
    for await (const chunk of content()) chunks.push(chunk);
    found.push({ entry, content: Buffer.concat(chunks) });
  }
  return found;
}

test("reads back any name, owner, time and attribute byte for byte, however the stream is cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entries, { maxLength: 5 }), fc.integer({ min: 1, max: 3000 }), async (list, size) => {
      const content = Buffer.from("content that is no multiple of a block");
      const file = plainFile(Buffer.from([0xff, 0x0a, 0x27, 0x80]), content.length);
      const archive = Buffer.concat([...list.map((one) => withContent(one)), withContent(file, content), endOfArchive]);
      const found = await readAll(archive, size);
      expect(found.map(({ entry }) => entry)).toEqual([...list, file]);
      expect(found.at(-1)?.content).toEqual(content);
    }),
    { numRuns: 60 },
  );
});

test("an archive that was cut or changed is never taken for whole", async () => {
  const content = Buffer.alloc(3000, 7);
  const archive = Buffer.concat([withContent(plainFile("a/b", 3000), content), endOfArchive]);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: archive.length - 1024 }), async (length) => {
      await expect(readAll(archive.subarray(0, length))).rejects.toBeInstanceOf(ArchiveError);
    }),
    { numRuns: 50 },
  );
  for (let at = 0; at < 500; at += 7) {
    const damaged = Buffer.from(archive);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    await expect(readAll(damaged)).rejects.toBeInstanceOf(ArchiveError);
  }
});

function guarded(list: readonly TarEntry[], keepOutsideLinks = false): string[] {
  const guard = new ArchiveGuard({ keepOutsideLinks });
  return list.map((entry) => guard.admit(entry, 1000).name.toString("latin1"));
}

const entry = (name: string, change: Partial<TarEntry> = {}): TarEntry => ({ ...plainFile(name, 0), ...change });
const link = (name: string, to: string, type: TarType = "symlink"): TarEntry =>
  entry(name, { type, linkName: Buffer.from(to) });

test.each([
  ["an absolute path", [entry("/etc/passwd")]],
  ["a path above the root", [entry("../evil")]],
  ["a path that climbs out", [entry("a/../../evil")]],
  ["a drive", [entry("C:\\evil")]],
  ["a NUL", [entry("a\0b")]],
  ["a character device", [entry("null", { type: "char", deviceMajor: 1, deviceMinor: 3 })]],
  ["a block device", [entry("disk", { type: "block" })]],
  ["an absolute link", [link("a", "/etc")]],
  ["a link that climbs out", [link("a/b", "../../etc")]],
  ["a file behind a link", [link("a", "b"), entry("a/x")]],
  ["a hard link to the outside", [link("a", "../../etc/shadow", "hardlink")]],
  ["a hard link to what the archive does not hold", [link("a", "etc/shadow", "hardlink")]],
  ["a name of 256 bytes", [entry("x".repeat(256))]],
])("refuses %s", (_what, list) => {
  expect(() => guarded(list)).toThrow(ArchiveError);
});

test("lets honest entries through under clean names, and outside links where they are wanted", () => {
  expect(guarded([entry("./a//b"), link("c", "a/b"), link("d", "a/b", "hardlink")])).toEqual(["a/b", "c", "d"]);
  expect(guarded([link("a", "/etc/hosts")], true)).toEqual(["a"]);
  expect(() => guarded([link("a", "/etc"), entry("a/x")], true)).toThrow("behind a link");
});

test("no accepted path of any archive leaves the root, whatever links come before it", () => {
  const names = fc
    .array(fc.constantFrom("a", "b", "..", ".", "", "/"), { minLength: 1, maxLength: 5 })
    .map((p) => p.join("/"));
  const any = fc.record({
    name: names,
    to: names,
    type: fc.constantFrom<TarType>("file", "symlink", "hardlink", "directory"),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 8 }), (list) => {
      const guard = new ArchiveGuard({ keepOutsideLinks: true });
      const links = new Set<string>();
      for (const { name, to, type } of list) {
        try {
          const path = guard.admit(entry(name, { type, linkName: Buffer.from(to) }), 1).name.toString();
          expect(path.startsWith("/")).toBe(false);
          expect(path.split("/")).not.toContain("..");
          const parents = path.split("/").map((_part, depth, all) => all.slice(0, depth).join("/"));
          for (const parent of parents.slice(1)) expect(links.has(parent)).toBe(false);
          links.delete(path);
          if (type === "symlink") links.add(path);
        } catch (error) {
          expect(error).toBeInstanceOf(ArchiveError);
        }
      }
    }),
  );
});

test("stops a bomb by its ratio, its count and its size", () => {
  const big = (sizeBytes: number) => entry("zeros", { sizeBytes });
  expect(() => new ArchiveGuard({ keepOutsideLinks: false }).admit(big(5 * 1024 ** 3), 1000)).toThrow("trap");
  expect(() => new ArchiveGuard({ keepOutsideLinks: false }).admit(big(1024 ** 3), 1000)).not.toThrow();
  const limits = { maxEntries: 2, maxBytes: 10, maxRatio: 10, ratioFromBytes: 1 };
  const guard = new ArchiveGuard({ keepOutsideLinks: false, limits });
  guard.admit(entry("a"), 1);
  guard.admit(entry("b"), 1);
  expect(() => guard.admit(entry("c"), 1)).toThrow("more than a volume");
});

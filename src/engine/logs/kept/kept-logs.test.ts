import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { Arenas } from "../store/arena.ts";
import { LineStore } from "../store/line-store.ts";
import { SourceFeed } from "../store/source-feed.ts";
import { KeptLogs } from "./kept-logs.ts";
import { KeptPages } from "./kept-pages.ts";

const container = { containerId: "c".repeat(64), name: "web", image: "busybox", createdAt: 1 };
const cap = 64 * 1024 * 1024;
const folders: string[] = [];
const open: KeptLogs[] = [];

afterEach(async () => {
  for (const kept of open.splice(0)) await kept.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kept-logs-"));
  folders.push(folder);
  return folder;
}

function openKept(folder: string): KeptLogs {
  const kept = new KeptLogs(folder, cap);
  open.push(kept);
  return kept;
}

function fileOf(folder: string): string {
  const path = join(folder, container.containerId.slice(0, 32));
  const name = readdirSync(path).find((file) => file.endsWith(".seg"));
  if (!name) throw new Error("nothing is kept");
  return join(path, name);
}

const rfc3339 = (at: number): string => new Date(1_700_000_000_000 + at * 1000).toISOString().replace("Z", "000000Z");

/** A log as the engine sends it for a terminal, cut into chunks. */
async function feed(
  kept: KeptLogs,
  lines: readonly string[],
  options: { from?: number; sizes?: readonly number[] } = {},
) {
  const source = new SourceFeed(0, { kind: "container", id: "web" }, new Arenas());
  source.open(true);
  await kept.attach(source, container);
  const bytes = Buffer.from(lines.map((line, at) => `${rfc3339((options.from ?? 0) + at)} ${line}\n`).join(""));
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = options.sizes?.[turn % options.sizes.length] ?? bytes.length;
    source.feed(Buffer.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return source;
}

/** What is kept, read back as a view reads it. */
async function readBack(kept: KeptLogs, page = 10_000): Promise<string[]> {
  const pages = await KeptPages.open(kept, { name: "web", containerId: "" }, Number.POSITIVE_INFINITY);
  const all = new LineStore(new Arenas());
  while (!pages.isEmpty) {
    const older = new LineStore(new Arenas());
    await pages.read(older, all, page);
    all.prepend(older);
  }
  const lines: string[] = [];
  for (let line = all.first; line < all.end; line += 1) {
    const place = all.find(line);
    if (place) lines.push(place.block.line(place.index).toString("utf8"));
  }
  return lines;
}

const text = fc.string({ unit: "grapheme", maxLength: 60 }).map((value) => value.replaceAll(/[\r\n\0]/g, "?"));

test("any lines in any chunks are there again after the next start, each once, however often they are read", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { minLength: 1, maxLength: 80 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }),
      fc.nat(),
      async (lines, sizes, cut) => {
        const folder = makeFolder();
        const known = cut % (lines.length + 1);
        const first = openKept(folder);
        first.detach(await feed(first, lines.slice(0, known), { sizes }));
        await first.close();
        const second = openKept(folder);
        // One reads it while another does, which adds nothing.
        await Promise.all([feed(second, lines, { sizes }), feed(second, lines)]);
        await second.close();
        expect(await readBack(openKept(folder), 7)).toEqual(lines);
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

test("a file that a crash cut anywhere keeps its whole frames, and what comes later is added", async () => {
  const folder = makeFolder();
  const lines = Array.from({ length: 200 }, (_, at) => `line ${at}`);
  const first = openKept(folder);
  const source = await feed(first, lines.slice(0, 100));
  await first.generationsOf("web");
  source.feed(
    Buffer.from(
      lines
        .slice(100)
        .map((line, at) => `${rfc3339(100 + at)} ${line}\n`)
        .join(""),
    ),
  );
  await first.generationsOf("web");
  // The process ends here: nothing was closed, and the last write got as far as it got.
  const file = fileOf(folder);
  const { size } = statSync(file);
  truncateSync(file, size - 300);
  const second = openKept(folder);
  expect(await readBack(second)).toEqual(lines.slice(0, 100));
  expect(statSync(fileOf(folder)).size).toBeLessThan(size - 300);
  await feed(second, lines);
  expect(await readBack(second)).toEqual(lines);
});

test("damage within a file costs the frames that it hit", async () => {
  const folder = makeFolder();
  const first = openKept(folder);
  for (let round = 0; round < 3; round += 1) {
    const source = await feed(first, [`round ${round}`], { from: round });
    await first.generationsOf("web");
    first.detach(source);
  }
  await first.close();
  const file = fileOf(folder);
  const { size } = statSync(file);
  const third = Math.floor(size / 3);
  const bytes = Buffer.alloc(4, 0xff);
  const handle = openSync(file, "r+");
  writeSync(handle, bytes, 0, 4, third + 20);
  closeSync(handle);
  const left = await readBack(openKept(folder));
  // Each round begins behind the one before it, so a gap stands between them.
  expect(left.filter((line) => !line.startsWith("{"))).toEqual(["round 0", "round 2"]);
});

test("what is no log of ours in the folder does no harm", async () => {
  const folder = makeFolder();
  const first = openKept(folder);
  await feed(first, ["one"]);
  await first.close();
  const place = join(folder, container.containerId.slice(0, 32));
  writeFileSync(join(place, "container.json"), "{ not json");
  writeFileSync(join(folder, "stray"), "stray");
  writeFileSync(join(place, "400000000.seg"), "garbage");
  appendFileSync(join(place, "notes.txt"), "notes");
  const second = openKept(folder);
  await second.generationsOf("web");
  expect(second.names().map(({ name }) => name)).toEqual([`unknown-${"c".repeat(12)}`]);
  await feed(second, ["one", "two"]);
  expect(await readBack(second)).toEqual(["one", "two"]);
});

test.each([true, false])("without any disk all goes, and nothing more is kept (feed open: %s)", async (isOpen) => {
  const kept = openKept(makeFolder());
  const source = await feed(kept, ["one", "two"]);
  await kept.generationsOf("web");
  if (!isOpen) kept.detach(source);
  const seen: string[][] = [];
  const controller = new AbortController();
  const watching = (async () => {
    for await (const names of kept.watch(controller.signal)) seen.push(names.map(({ name }) => name));
  })();
  await expect.poll(() => seen.at(-1)).toEqual(["web"]);
  await kept.limit(0);
  await expect.poll(() => seen.at(-1)).toEqual([]);
  source.feed(Buffer.from(`${rfc3339(2)} three\n`));
  expect(await kept.generationsOf("web")).toEqual([]);
  expect(kept.status).toEqual({ state: "memory" });
  await kept.limit(cap);
  source.feed(Buffer.from(`${rfc3339(3)} four\n`));
  expect(await readBack(kept)).toEqual(isOpen ? ["four"] : []);
  controller.abort();
  await watching;
});

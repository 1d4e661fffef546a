import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { TarType } from "#engine/tar/entry.ts";
import { type Item, item, tarOf, writeArchive } from "../fixtures/archives.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { startDocker } from "../fixtures/docker-engine.ts";
import { overMachine } from "../fixtures/over-machine.ts";
import { inVolume, removeContainersAndVolumes } from "../fixtures/volumes.ts";
import { type EngineUnderTest, startEngine } from "../fixtures/whole-engine.ts";

const sh = promisify(execFile);
const docker = dockerCli(inject("dockerHost"));
let engine: EngineUnderTest;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "longshore-volumes-"));
  engine = await startEngine(inject("dockerHost"));
});

afterAll(async () => {
  await engine?.stop();
  await rm(folder, { recursive: true, force: true });
  await removeContainersAndVolumes(docker);
  // The machine brings it along, for as long as it lives.
  if (!overMachine) expect(await docker("images", "-q", "longshore/helper")).toBe("");
});

const soon = (): AbortSignal => AbortSignal.timeout(60_000);
const inside = (volume: string, script: string, cli = docker): Promise<string> => inVolume(cli, volume, script);

/** Volumes of Longshore's own that are on the engine. */
async function own(): Promise<string[]> {
  return (await docker("volume", "ls", "-q")).split("\n").filter((name) => name.startsWith("longshore-"));
}

async function failure(taskId: string): Promise<string> {
  const state = await engine.taskEnd(taskId);
  return state.status === "failed" ? `${state.error.code}: ${state.error.message}` : state.status;
}

async function discardAll(): Promise<void> {
  const names = await own();
  if (names.length > 0) await docker("volume", "rm", ...names);
}

describe("what must not be unpacked", () => {
  beforeAll(async () => {
    await docker("volume", "create", "target");
    await inside("target", "echo old > kept");
  });

  const link = (name: string, to: string, type: TarType = "symlink"): Item =>
    item(name, "", { type, linkName: Buffer.from(to) });
  const good = item("fine", "fine\n");

  const refused: readonly (readonly [what: string, items: readonly Item[], words: string])[] = [
    ["a path above the volume", [good, item("../evil", "x")], 'a path that leaves the volume ("../evil")'],
    ["an absolute path", [good, item("/etc/passwd", "x")], 'an absolute path ("/etc/passwd")'],
    ["a name with a NUL", [good, item("a\0b", "x")], "a name with a NUL"],
    ["a device", [good, item("disk", "", { type: "block", deviceMajor: 8 })], 'a device ("disk")'],
    ["a file behind a link", [link("a", "."), item("a/x", "x")], 'puts "a/x" behind a link'],
    ["a link that climbs out", [link("a/b", "../../etc/shadow")], "a link that leads out of the volume"],
    ["a hard link to the outside", [link("a", "/etc/shadow", "hardlink")], "a hard link to something outside"],
    ["a name of 256 bytes", [item("x".repeat(256), "x")], "too long for a file system"],
  ];

  async function importInto(path: string): Promise<string> {
    const into = { kind: "replace", name: "target", stop: false } as const;
    return failure((await engine.handlers.volumes.import({ path, into, keepOutsideLinks: false }, soon())).taskId);
  }

  test.each(refused)("%s", async (...[, items, words]) => {
    const path = await writeArchive(join(folder, "bad.tar.zst"), tarOf(items));
    const told = await importInto(path);
    expect(told).toMatch(/^bad_request: bad\.tar\.zst: The archive /);
    expect(told).toContain(words);
    expect(await inside("target", "cat *")).toBe("old");
    expect(await own()).toEqual([]);
  });

  test("a bomb: five gigabytes of zeros in a file of nothing", async () => {
    // Built piece by piece: the archive itself would not fit into memory.
    const path = join(folder, "bomb.tar.zst");
    const size = 5 * 1024 ** 3;
    const script = `const {encodeHeader,plainFile,endOfArchive}=await import(process.argv[1]);
      const {createZstdCompress}=await import("node:zlib"); const {createWriteStream}=await import("node:fs");
      const {pipeline}=await import("node:stream/promises"); const zeros=Buffer.alloc(1<<20);
      await pipeline(async function*(){ yield encodeHeader(plainFile("zeros",${size})); for(let i=0;i<${size / (1 << 20)};i++) yield zeros; yield endOfArchive; },
        createZstdCompress(), createWriteStream(process.argv[2]))`;
    await sh(process.execPath, [
      "--input-type=module",
      "-e",
      script,
      join(process.cwd(), "src/engine/tar/write.ts"),
      path,
    ]);
    expect(await importInto(path)).toBe(
      "bad_request: bomb.tar.zst: The archive unpacks to more than 2,000 times its size, as only a trap does. It was not unpacked.",
    );
    expect(await inside("target", "cat *")).toBe("old");
    expect(await own()).toEqual([]);
  });

  test("a wrong checksum, a cut archive, and one that is none", async () => {
    const whole = tarOf([item("big", "x".repeat(300_000))]);
    const wrong = await writeArchive(join(folder, "wrong.tar.zst"), whole, "wrong");
    expect(await importInto(wrong)).toContain("wrong.tar.zst is not what was exported: its checksum differs");
    const cut = await writeArchive(join(folder, "cut.tar.zst"), whole.subarray(0, 200_000));
    expect(await importInto(cut)).toContain("cut.tar.zst: The archive ends in the middle: it was cut off.");
    const none = join(folder, "none.tar.zst");
    await writeFile(none, "this is no archive at all, and long enough to fill a header".repeat(20));
    expect(await importInto(none)).toContain("none.tar.zst: This is not a tar archive, or it is damaged.");
    expect(await importInto(join(folder, "absent.tar.zst"))).toContain("not_found: There is no file");
    expect(await inside("target", "cat *")).toBe("old");
    expect(await own()).toEqual([]);
  });

  test("whatever an archive holds, nothing of it ends up beside the volume, and what is refused changes nothing", async () => {
    const names = fc.array(fc.constantFrom("a", "b", "..", ".", "", "/"), { minLength: 1, maxLength: 4 });
    const entries = fc.record({
      name: names.map((parts) => parts.join("/")),
      to: names.map((parts) => parts.join("/")),
      type: fc.constantFrom<TarType>("file", "symlink", "hardlink", "directory", "fifo", "char"),
    });
    const beside = (): Promise<string> => inside("target", "ls -A /; cat /etc/passwd");
    const before = await beside();
    await fc.assert(
      fc.asyncProperty(fc.array(entries, { minLength: 1, maxLength: 6 }), async (list) => {
        await inside("target", "rm -rf /v/* && echo old > kept");
        const items = list.map(({ name, to, type }) =>
          item(name, "", { type, linkName: Buffer.from(to), mode: 0o755 }),
        );
        const told = await importInto(await writeArchive(join(folder, "any.tar.zst"), tarOf(items)));
        expect(told).toMatch(/^(done|bad_request: .*)$/);
        if (told !== "done") expect(await inside("target", "ls")).toBe("kept");
        expect(await beside()).toBe(before);
        await discardAll();
      }),
      { numRuns: 4 },
    );
    await docker("volume", "rm", "target");
  }, 180_000);
});

describe("a disk that is full", () => {
  test("in the new volume: the old data stays, nothing is left", async () => {
    const dir = mkdtempSync(join(tmpdir(), "longshore-small-"));
    mkdirSync(join(dir, "data"));
    await sh("mount", ["-t", "tmpfs", "-o", "size=32m", "tmpfs", join(dir, "data")]);
    const small = await startDocker({ dir });
    const other = await startEngine(small.host);
    try {
      await small.docker("volume", "create", "tight");
      await inside("tight", "echo old > kept", small.docker);
      const noise = Buffer.alloc(40 * 1024 * 1024, "0123456789abcdef".repeat(64));
      const big = { entry: { ...item("big").entry, sizeBytes: noise.length }, content: noise };
      const path = await writeArchive(join(folder, "big.tar.zst"), tarOf([big]));
      const into = { kind: "replace", name: "tight", stop: false } as const;
      const { taskId } = await other.handlers.volumes.import({ path, into, keepOutsideLinks: false }, soon());
      expect(await other.taskEnd(taskId)).toMatchObject({
        status: "failed",
        error: { code: "unavailable", message: expect.stringContaining("the engine's disk is full") },
      });
      expect(await inside("tight", "cat *", small.docker)).toBe("old");
      expect(await small.docker("volume", "ls", "-q")).toBe("tight");
    } finally {
      await other.stop();
      await small.docker("volume", "rm", "-f", "tight");
      await small.stop();
    }
  }, 180_000);

  // A folder of this computer is none of the machine's.
  test.skipIf(overMachine)(
    "where a volume lies elsewhere and the new data does not fit: the old data is put back",
    async () => {
      const place = mkdtempSync(join(folder, "elsewhere-"));
      await sh("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", place]);
      try {
        await docker("volume", "create", "--opt=type=none", "--opt=o=bind", `--opt=device=${place}`, "elsewhere");
        await inside("elsewhere", "echo old > kept; mkdir sub; echo deep > sub/file");
        const content = Buffer.alloc(6 * 1024 * 1024, 7);
        const big = { entry: { ...item("big").entry, sizeBytes: content.length }, content };
        const path = await writeArchive(join(folder, "big.tar.zst"), tarOf([big]));
        const into = { kind: "replace", name: "elsewhere", stop: false } as const;
        const { taskId } = await engine.handlers.volumes.import({ path, into, keepOutsideLinks: false }, soon());
        expect(await failure(taskId)).toBe(
          "unavailable: The data of elsewhere was not replaced: there is not enough space for it. It holds what it held before.",
        );
        expect(await inside("elsewhere", "cat kept sub/file; ls")).toBe("old\ndeep\nkept\nsub");
        expect(await own()).toEqual([]);
      } finally {
        await docker("volume", "rm", "-f", "elsewhere");
        await sh("umount", [place]);
      }
    },
  );
});

test("a link that is swapped in under the reader never shows what lies beside the volume", async () => {
  await docker("volume", "create", "race");
  await inside("race", "mkdir d; echo inside > d/own; echo inside > f");
  const swap = `while :; do rm -rf d; ln -s /etc d; rm -f f; ln -s /etc/passwd f; rm d; mkdir d; echo inside > d/own;
    rm f; echo inside > f; done`;
  await docker(
    "run",
    "-d",
    "--rm",
    "--name",
    "swapper",
    "--network=none",
    "-v",
    "race:/v",
    "-w",
    "/v",
    "busybox:test",
    "sh",
    "-c",
    swap,
  );
  const { files } = engine.handlers;
  const seen = new Set<string>();
  const told = new Set<string>();
  const note = (error: unknown): void => void told.add(error instanceof Error ? error.message : String(error));
  const look = async (): Promise<void> => {
    try {
      const { bytes } = await files.read({ volume: "race", path: "f", maxBytes: 1000 }, soon());
      seen.add(Buffer.from(bytes).toString());
    } catch (error) {
      note(error);
    }
  };
  const list = async (): Promise<void> => {
    try {
      const { columns } = await files.list({ volume: "race", path: "d" }, soon());
      for (const name of columns.names) seen.add(name);
    } catch (error) {
      note(error);
    }
  };
  const isRefused = (): boolean =>
    [...told].some((message) => /leads out of the volume|not an ordinary file/.test(message));
  const from = performance.now();
  // Long enough for many swaps, and on a busy machine for as long as none was met.
  for (let passed = 0; passed < 4_000 || (!isRefused() && passed < 60_000); passed = performance.now() - from) {
    await Promise.all([look(), list()]);
  }
  await docker("kill", "swapper");
  // An empty one is a file that was just made.
  expect([...seen].filter((text) => !["inside\n", "own", ""].includes(text))).toEqual([]);
  expect(isRefused()).toBe(true);
  await expect.poll(() => docker("ps", "-aq", "--filter", "name=swapper")).toBe("");
  await engine.handlers.volumes.remove({ name: "race", permanently: true }, soon());
}, 180_000);

describe("a container that is removed with its volumes", () => {
  test("its anonymous volumes come back from the trash with their data", async () => {
    await docker(
      "run",
      "-d",
      "--name",
      "shop",
      "-v",
      "/data",
      "-v",
      "named:/named",
      "busybox:test",
      "sh",
      "-c",
      "echo paid > /data/orders; sleep 600",
    );
    const [volume = ""] = (
      await docker("inspect", "-f", '{{range .Mounts}}{{if eq .Destination "/data"}}{{.Name}}{{end}}{{end}}', "shop")
    ).split("\n");
    await expect.poll(() => docker("exec", "shop", "cat", "/data/orders").catch(() => "")).toBe("paid");
    const removed = await engine.handlers.containers.remove({ id: "shop", force: true, removeVolumes: true }, soon());
    expect(removed).toEqual({
      trashed: [{ name: volume, trash: expect.stringMatching(/^longshore-trash-/) }],
      kept: [],
    });
    const names = (await docker("volume", "ls", "-q")).split("\n");
    expect(names).toContain("named");
    expect(names).not.toContain(volume);
    await engine.handlers.volumes.restore({ trash: removed.trashed[0]?.trash ?? "" }, soon());
    expect(await inside(volume, "cat orders")).toBe("paid");
    expect(await own()).toEqual([]);
    await docker("volume", "rm", "named", volume);
  });

  test("one that another container mounts is kept, and said", async () => {
    await docker("create", "--name", "first", "-v", "/data", "busybox:test");
    await docker("create", "--name", "second", "--volumes-from", "first", "busybox:test");
    const removed = await engine.handlers.containers.remove({ id: "first", force: false, removeVolumes: true }, soon());
    expect(removed.trashed).toEqual([]);
    expect(removed.kept).toMatchObject([{ why: expect.stringContaining("is mounted by second") }]);
    await docker("rm", "-v", "second");
  });
});

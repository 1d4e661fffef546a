import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { item, tarOf, writeArchive } from "../fixtures/archives.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { onEngineEvents } from "../fixtures/engine-events.ts";
import { inVolume, removeContainersAndVolumes } from "../fixtures/volumes.ts";
import { type EngineUnderTest, startEngine } from "../fixtures/whole-engine.ts";

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
  expect(await docker("images", "-q", "longshore/helper")).toBe("");
});

const soon = (): AbortSignal => AbortSignal.timeout(60_000);
const inside = (volume: string, script: string, cli = docker): Promise<string> => inVolume(cli, volume, script);

/** Volumes of Longshore's own that are on the engine. */
async function own(): Promise<string[]> {
  return (await docker("volume", "ls", "-q")).split("\n").filter((name) => name.startsWith("longshore-"));
}

/** Every name with its kind, mode, owner, size, time and content or target. */
const manifestScript = `
  find . ! -type l -print0 | sort -z | xargs -0 stat -c '%n %f %u %g %Y' > /tmp/m
  find . -type l -print0 | sort -z | xargs -0 -r stat -c '%N %u %g' >> /tmp/m
  find . -type f -print0 | sort -z | xargs -0 -r stat -c '%n %s' >> /tmp/m
  find . -type f -print0 | sort -z | xargs -0 -r sha256sum >> /tmp/m
  sha256sum < /tmp/m; wc -l < /tmp/m`;

async function backupOf(name: string): Promise<string> {
  const { taskId } = await engine.handlers.volumes.export({ name, folder, format: "tar.zst", pause: false }, soon());
  const state = await engine.taskEnd(taskId);
  if (state.status !== "done") throw new Error(JSON.stringify(state));
  return state.result.facts.path ?? "";
}

describe("a round trip", () => {
  // 50,000 files and a sparse gigabyte take a minute and more: LONGSHORE_FULL_ROUND_TRIP=1 asks for them.
  const isFull = process.env.LONGSHORE_FULL_ROUND_TRIP === "1";
  const count = isFull ? 50_000 : 1500;
  const sparseMiB = isFull ? 1024 : 64;
  const oddTree = `
    i=0; while [ $i -lt ${count} ]; do d=d$((i / 500)); [ -d $d ] || mkdir $d; echo $i > $d/f$i; i=$((i + 1)); done
    mkdir -p odd/deep; cd odd
    printf x > "$(printf 'new\\nline')"; printf x > "it's \\"quoted\\""; printf x > '🐳 größe'; printf x > "$(printf '\\377\\376bad')"
    printf x > "$(head -c 255 /dev/zero | tr '\\0' n)"; printf x > '-rf'; printf x > ' space '; printf x > 'a\\\\b'
    ln -s ../d0/f1 link; ln -s nowhere dangling; ln 'it'"'"'s "quoted"' hard; mkfifo pipe
    chmod 4755 -- -rf; chmod 1777 deep; chmod 000 ' space '; chown 1000:2000 '🐳 größe'; chown -h 4000000:7 link; chown 65534 deep
    touch -d '2001-02-03 04:05:06' '🐳 größe' deep; cd ..
    truncate -s ${sparseMiB}M sparse; printf end | dd of=sparse bs=1 seek=${sparseMiB * 512 * 1024} conv=notrunc 2>/dev/null
    chown 12:34 . ; chmod 2750 .`;

  test("of odd names, owners, modes, links and a sparse file gives an identical tree", async () => {
    await docker("volume", "create", "--label", "team=blue", "trip");
    await inside("trip", oddTree);
    const before = await inside("trip", manifestScript);
    expect(Number(before.split("\n")[1])).toBeGreaterThan(2 * count);
    const path = await backupOf("trip");
    const into = { kind: "new", name: "trip-back" } as const;
    const { taskId } = await engine.handlers.volumes.import({ path, into, keepOutsideLinks: false }, soon());
    expect((await engine.taskEnd(taskId)).status).toBe("done");
    expect(await inside("trip-back", manifestScript)).toBe(before);
    expect(await docker("volume", "inspect", "-f", "{{.Labels.team}}", "trip-back")).toBe("blue");
    await inside("trip-back", "rm sparse");
    const clone = await engine.handlers.volumes.clone({ name: "trip-back", newName: "trip-clone" }, soon());
    expect((await engine.taskEnd(clone.taskId)).status).toBe("done");
    expect(await inside("trip-clone", manifestScript)).toBe(await inside("trip-back", manifestScript));
    await docker("volume", "rm", "trip", "trip-back", "trip-clone");
  }, 500_000);

  test("keeps the attributes that the engine keeps", async () => {
    const capability = Buffer.from("0100000200040000000000000000000000000000", "hex");
    const xattrs = new Map([["security.capability", capability]]);
    const path = await writeArchive(join(folder, "caps.tar.zst"), tarOf([item("tool", "x", { xattrs, mode: 0o755 })]));
    const into = { kind: "new", name: "caps" } as const;
    const { taskId } = await engine.handlers.volumes.import({ path, into, keepOutsideLinks: false }, soon());
    expect((await engine.taskEnd(taskId)).status).toBe("done");
    const again = await backupOf("caps");
    const raw = zstdDecompressSync(await readFile(again));
    expect(raw.includes("SCHILY.xattr.security.capability")).toBe(true);
    expect(raw.includes(capability)).toBe(true);
    await docker("volume", "rm", "caps");
  });
});

test("an export and an import that are cancelled leave nothing behind", async () => {
  await docker("volume", "create", "cancelled");
  await inside("cancelled", "echo old > kept; head -c 80000000 /dev/urandom > noise");
  const { volumes, tasks } = engine.handlers;
  const path = await backupOf("cancelled");
  const here = await mkdtemp(join(folder, "cancel-"));
  const asked = { name: "cancelled", folder: here, format: "tar.zst", pause: false } as const;
  const into = { kind: "replace", name: "cancelled", stop: false } as const;
  for (const start of [
    () => volumes.export(asked, soon()),
    () => volumes.import({ path, into, keepOutsideLinks: false }, soon()),
  ]) {
    const { taskId } = await start();
    for await (const update of tasks.watch({}, soon())) {
      const all = update.kind === "snapshot" ? update.items : update.upserts;
      const mine = all.find(({ id }) => id === taskId);
      if (mine && (mine.progress.doneBytes ?? 0) > 0 && mine.progress.activity !== "Checking") break;
    }
    await tasks.cancel({ id: taskId }, soon());
    expect((await engine.taskEnd(taskId)).status).toBe("cancelled");
    expect(await readdir(here)).toEqual([]);
    expect(await own()).toEqual([]);
  }
  expect(await inside("cancelled", "cat kept")).toBe("old");
  await volumes.remove({ name: "cancelled", permanently: true }, soon());
}, 180_000);

test("a container that writes is paused for the export alone, and goes on", async () => {
  await docker(
    "run",
    "-d",
    "--name",
    "writer",
    "-v",
    "written:/data",
    "busybox:test",
    "sh",
    "-c",
    "while :; do date > /data/now; sleep 0.1; done",
  );
  const actions: string[] = [];
  const socket = inject("dockerHost").replace("unix://", "");
  const stop = await onEngineEvents(socket, ({ type, action, attributes }) => {
    if (type === "container" && attributes.name === "writer") actions.push(action);
  });
  const asked = { name: "written", folder, format: "tar.gz", pause: true } as const;
  const { taskId } = await engine.handlers.volumes.export(asked, soon());
  expect((await engine.taskEnd(taskId)).status).toBe("done");
  await expect.poll(() => actions).toEqual(["pause", "unpause"]);
  stop();
  expect(await docker("inspect", "-f", "{{.State.Status}}", "writer")).toBe("running");
  await docker("rm", "-f", "writer");
  await engine.handlers.volumes.remove({ name: "written", permanently: true }, soon());
});

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { contract, createClient, type LongshoreClient, type VolumeSummary } from "#contract";
import { type App, startApp } from "../fixtures/app.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { type EngineEvent, onEngineEvents, postQuickly } from "../fixtures/engine-events.ts";
import { connectAsPage } from "../fixtures/rpc-client.ts";
import { startEngine } from "../fixtures/whole-engine.ts";

const host = inject("dockerHost");
const socket = host.replace("unix://", "");
const docker = dockerCli(host);
let home: string;
let backup: string;
let app: App | undefined;

function inside(volume: string, script: string): Promise<string> {
  return docker("run", "--rm", "--network=none", "-v", `${volume}:/v`, "-w", "/v", "busybox:test", "sh", "-c", script);
}

const sums = (volume: string): Promise<string> => inside(volume, "find . -type f -exec sha256sum {} + | sort");

function fill(volume: string, word: string, files: number): Promise<string> {
  const script = `rm -rf /v/*; for i in $(seq 1 ${files}); do echo ${word} $i > f$i; done; yes ${word} | head -c 3000000 > ${word}`;
  return inside(volume, script);
}

async function makeBackup(volume: string): Promise<string> {
  const engine = await startEngine(host);
  const signal = AbortSignal.timeout(60_000);
  const asked = { name: volume, folder: home, format: "tar.zst", pause: false } as const;
  const { taskId } = await engine.handlers.volumes.export(asked, signal);
  const state = await engine.taskEnd(taskId);
  await engine.stop();
  return state.status === "done" ? (state.result.facts.path ?? "") : "";
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "longshore-crash-"));
  await docker("volume", "create", "crash-new");
  await fill("crash-new", "new", 1500);
  backup = await makeBackup("crash-new");
}, 90_000);

afterAll(async () => {
  await app?.stop();
  const names = (await docker("volume", "ls", "-q")).split("\n").filter(Boolean);
  if (names.length > 0) await docker("volume", "rm", ...names);
  await rm(home, { recursive: true, force: true });
  expect(await docker("ps", "-aq", "--filter", "label=com.longshore.helper")).toBe("");
  expect(await docker("images", "-q", "longshore/helper")).toBe("");
});

const mostTries = 5;

const jobsFile = (): string => join(home, "app", "volume-jobs.json");

function jobs(): string {
  return existsSync(jobsFile()) ? readFileSync(jobsFile(), "utf8") : "[]";
}

const isSwapWritten = (): boolean => jobs().includes('"kind":"replace"');

async function startAgain(): Promise<LongshoreClient> {
  await app?.stop();
  app = await startApp({ engine: host, home: join(home, "app") });
  const session = await connectAsPage(app.url);
  const client = createClient(contract, session.port);
  for await (const state of client.engine.watch({})) if (state.status === "connected") break;
  return client;
}

async function longshoresOwn(client: LongshoreClient): Promise<VolumeSummary[]> {
  for await (const update of client.volumes.watch({})) {
    if (update.kind === "snapshot") return update.items.filter(({ role }) => role.kind !== "own");
  }
  return [];
}

/** What has happened in an import so far. */
class Course {
  readonly helpers: string[] = [];

  /** The events in words that the points below are given by: `helper 2 start`, `volume create longshore-trash`. */
  wordsOf({ type, action, id, attributes }: EngineEvent): string {
    if (type === "volume") return `volume ${action} ${id.split("-").slice(0, 2).join("-")}`;
    if (type !== "container" || attributes["com.longshore.helper"] === undefined) return "";
    if (!this.helpers.includes(id)) this.helpers.push(id);
    return `helper ${this.helpers.indexOf(id) + 1} ${action}`;
  }
}

/** Settles once a task is done; throws where it failed. The app's death ends the waiting for good. */
async function doneEnd(client: LongshoreClient, id: string): Promise<void> {
  try {
    for await (const update of client.tasks.watch({})) {
      const task = (update.kind === "snapshot" ? update.items : update.upserts).find((item) => item.id === id);
      if (task?.state.status === "failed") throw new TypeError(`the import failed: ${task.state.error.message}`);
      if (task?.state.status === "done") return;
    }
  } catch (error) {
    if (error instanceof TypeError) throw error;
  }
  await new Promise(() => {});
}

interface Hit {
  readonly client: LongshoreClient;
  readonly volume: string;
  /** True at the moment in which the app is to die; asked at each event and each millisecond. */
  readonly isNow: (words: string) => boolean;
  readonly delayMs?: number;
  /** The helper dies too, as when the whole machine fails. */
  readonly withHelper?: boolean;
}

/** An event of the engine may still be on its way when the app has told that a task is done. */
const lateEventMs = 2_000;

/**
 * Starts an import over a volume and kills the app with -9 at a given moment of it. False where the moment was over before
 * it was seen: a busy machine may not look in time.
 */
async function importAndKill({ client, volume, isNow, delayMs = 0, withHelper = false }: Hit): Promise<boolean> {
  const course = new Course();
  const hit = Promise.withResolvers<void>();
  const look = (words: string): void => void (isNow(words) && hit.resolve());
  const stop = await onEngineEvents(socket, (event) => look(course.wordsOf(event)));
  const timer = setInterval(() => look(""), 1);
  try {
    const into = { kind: "replace", name: volume, stop: false } as const;
    const { taskId } = await client.volumes.import({ path: backup, into, keepOutsideLinks: false });
    const missed = doneEnd(client, taskId).then(() => sleep(lateEventMs));
    const isHit = await Promise.race([hit.promise.then(() => true), missed.then(() => false)]);
    if (!isHit) return false;
    if (delayMs > 0) await sleep(delayMs);
    const killed = app?.kill();
    if (withHelper) await postQuickly(socket, `/v1.41/containers/${course.helpers.at(-1)}/kill`);
    await killed;
    return true;
  } finally {
    clearInterval(timer);
    stop();
  }
}

/** The same, until the moment is caught. Gives what the app, started again, made of the volume. */
async function killedAt(
  hit: Hit,
  sumsOfBoth: Sums,
  refill: () => Promise<unknown>,
): Promise<{ client: LongshoreClient; holds: string; wasWritten: boolean }> {
  let { client } = hit;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const isHit = await importAndKill({ ...hit, client });
    // What stood written when the app died says what must be made of it.
    const wasWritten = isSwapWritten();
    const found = await recovered(hit.volume, sumsOfBoth);
    if (isHit) return { ...found, wasWritten };
    ({ client } = found);
    await refill();
  }
  throw new Error("the moment was over before it was seen, each time");
}

interface Sums {
  readonly old: string;
  readonly fresh: string;
}

/** Starts the app again and looks at what it made of the volume; leaves it as it was found, with no leftovers. */
async function recovered(volume: string, { old, fresh }: Sums): Promise<{ client: LongshoreClient; holds: string }> {
  const client = await startAgain();
  await expect.poll(jobs).toBe("[]");
  const now = await sums(volume);
  expect([old, fresh]).toContain(now);
  const left = await longshoresOwn(client);
  if (now === fresh) {
    const trash = left.filter(({ role }) => role.kind === "trash");
    expect(trash.map(({ role }) => role)).toMatchObject([{ name: volume, why: "replaced" }]);
    expect(await sums(trash[0]?.name ?? "")).toBe(old);
  }
  // Whatever is left is listed, and can be removed.
  const { outcomes } =
    left.length > 0 ? await client.volumes.discard({ names: left.map(({ name }) => name) }) : { outcomes: [] };
  expect(outcomes.filter(({ error }) => error)).toEqual([]);
  const volumes = (await docker("volume", "ls", "-q")).split("\n");
  expect(volumes.filter((name) => name.startsWith("longshore-"))).toEqual([]);
  expect(await docker("ps", "-aq", "--filter", "label=com.longshore.helper")).toBe("");
  return { client, holds: now === old ? "old" : "new" };
}

type Point = readonly [
  what: string,
  isNow: (words: string) => boolean,
  holds: "old" | "new" | "either",
  delayMs?: number,
];

const at = (expected: string) => (words: string) => words === expected;

const points: readonly Point[] = [
  ["the new volume was made", at("volume create longshore-import"), "old"],
  ["the first helper was made", at("helper 1 create"), "old"],
  ["the first helper started", at("helper 1 start"), "old"],
  ["the new volume was being filled", at("helper 1 start"), "old", 60],
  ["it was full", at("helper 1 extract-to-dir"), "either"],
  ["the first helper was gone", at("helper 1 destroy"), "either"],
  ["the trash volume was made", at("volume create longshore-trash"), "either"],
  ["the swap was written down", isSwapWritten, "new"],
  ["the helper of the swap was made", at("helper 2 create"), "new"],
  ["the helper of the swap started", at("helper 2 start"), "new"],
  ["the helper of the swap ended", at("helper 2 die"), "new"],
  ["the new volume's name went", at("volume destroy longshore-import"), "new"],
];

test("killed at any of twelve points of an import, the app finds the old data or the new whole", async () => {
  await docker("volume", "create", "crash-target");
  await fill("crash-target", "old", 300);
  const both = { old: await sums("crash-target"), fresh: await sums("crash-new") };
  let client = await startAgain();
  const refill = () => fill("crash-target", "old", 300);
  for (const [what, isNow, holds, delayMs = 0] of points) {
    const found = await killedAt({ client, volume: "crash-target", isNow, delayMs }, both, refill);
    ({ client } = found);
    // A machine that was busy may have got further before the app died; then the new data must be there.
    const expected = found.wasWritten ? "new" : holds;
    if (expected !== "either") expect(found.holds, what).toBe(expected);
    if (found.holds === "new") await refill();
  }
}, 480_000);

test("killed between the two renames, it puts the new data in place and keeps the old", async () => {
  await docker("volume", "rm", "crash-target");
  await docker("volume", "create", "crash-target");
  await fill("crash-target", "old", 300);
  const both = { old: await sums("crash-target"), fresh: await sums("crash-new") };
  const client = await startAgain();
  expect(await importAndKill({ client, volume: "crash-target", isNow: isSwapWritten })).toBe(true);
  // The renames take less than a millisecond together, so the first one alone is done by hand.
  const [job] = JSON.parse(jobs());
  await expect.poll(() => docker("ps", "-aq", "--filter", "label=com.longshore.helper")).toBe("");
  const root = (await docker("volume", "inspect", "-f", "{{.Mountpoint}}", "crash-target")).replace(
    "/crash-target/_data",
    "",
  );
  const put = (from: string, to: string): Promise<string> =>
    docker(
      "run",
      "--rm",
      "-v",
      `${root}:/s`,
      "busybox:test",
      "sh",
      "-c",
      `[ -d /s/${from}/_data ] && { rmdir /s/${to}/_data 2>/dev/null; mv /s/${from}/_data /s/${to}/_data; }`,
    );
  if (!existsSync(join(root, job.fresh, "_data"))) {
    // The swap's script came to its end by itself: back to where it stood in the middle.
    await put("crash-target", job.fresh);
  } else await put("crash-target", job.trash);
  expect(existsSync(join(root, "crash-target", "_data"))).toBe(false);
  const found = await recovered("crash-target", both);
  expect(found.holds).toBe("new");
}, 240_000);

function holdsNew(path: string): boolean {
  return existsSync(path) && readFileSync(path, "utf8").startsWith("new");
}

test("killed with its helper while a swap copies, it still ends with the old data or the new whole", async () => {
  const place = join(home, "place");
  mkdirSync(place);
  await docker("volume", "create", "--opt=type=none", "--opt=o=bind", `--opt=device=${place}`, "crash-bind");
  await fill("crash-bind", "old", 1500);
  const both = { old: await sums("crash-bind"), fresh: await sums("crash-new") };
  let client = await startAgain();
  const moments: readonly (readonly [string, (words: string) => boolean])[] = [
    ["the old data is saved", at("helper 2 start")],
    ["the old data is cleared", () => isSwapWritten() && !existsSync(join(place, "f1"))],
    ["the new data is copied", () => ["f1", "f400", "f900", "f1400"].some((name) => holdsNew(join(place, name)))],
  ];
  const refill = () => fill("crash-bind", "old", 1500);
  for (const [what, isNow] of moments) {
    const found = await killedAt({ client, volume: "crash-bind", isNow, withHelper: true }, both, refill);
    ({ client } = found);
    expect(found.holds, what).toBe("new");
    await refill();
  }
  await docker("volume", "rm", "crash-bind");
}, 360_000);

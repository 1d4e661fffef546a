import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { type LogSourceSpec, logMark, type PastLog } from "#contract";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { type EngineUnderTest, startEngine } from "../fixtures/engine-under-test.ts";
import { LogView } from "../fixtures/log-view.ts";

const host = inject("dockerHost");
const docker = dockerCli(host);
const home = mkdtempSync(join(tmpdir(), "longshore-home-"));
const folder = join(home, "kept-logs");
const views: LogView[] = [];

let engine: EngineUnderTest;

async function start(): Promise<void> {
  engine = await startEngine(host, {}, home);
  for await (const state of engine.handlers.engine.watch({}, engine.signal)) if (state.status === "connected") break;
}

/** `meanwhile` happens while no app is there. */
async function restart(meanwhile?: () => Promise<unknown>): Promise<void> {
  await closeViews();
  await engine.close();
  await meanwhile?.();
  await start();
}

async function closeViews(): Promise<void> {
  await Promise.all(views.splice(0).map((view) => view.close()));
}

beforeAll(start);
afterAll(async () => {
  await engine?.close();
  rmSync(home, { recursive: true, force: true });
});
afterEach(async () => {
  await closeViews();
  const ids = (await docker("ps", "-aq")).split("\n").filter((id) => id !== "");
  if (ids.length > 0) await docker("rm", "-fv", ...ids);
  const names = (await past()).map(({ name }) => name);
  if (names.length > 0) await engine.handlers.logs.forget({ names }, engine.signal);
});

async function run(name: string, script: string, ...options: string[]): Promise<string> {
  const args = ["run", "-d", "--net=none", "--name", name, ...options, "busybox:test", "sh", "-c", script];
  const id = await docker(...args);
  return id;
}

async function open(...sources: LogSourceSpec[]): Promise<LogView> {
  const view = new LogView(engine.handlers.logs, sources);
  views.push(view);
  await view.until(({ sources: all }) => all.every(({ state }) => state !== "reading"));
  return view;
}

async function past(): Promise<readonly PastLog[]> {
  for await (const update of engine.handlers.logs.past({}, engine.signal)) {
    if (update.kind === "snapshot") return update.items;
  }
  return [];
}

/** Waits until what is kept of a name is as wanted. */
async function pastUntil(name: string, matches: (log: PastLog | undefined) => boolean): Promise<PastLog | undefined> {
  const logs = new Map<string, PastLog>();
  for await (const update of engine.handlers.logs.past({}, AbortSignal.timeout(60_000))) {
    if (update.kind === "snapshot") logs.clear();
    else for (const gone of update.removed) logs.delete(gone);
    for (const log of update.kind === "snapshot" ? update.items : update.upserts) logs.set(log.name, log);
    if (matches(logs.get(name))) return logs.get(name);
  }
  throw new Error(`what is kept of ${name} is not as wanted; it is ${JSON.stringify(logs.get(name))}`);
}

/** In a container's script: waits for the test's word. */
const untilTold = "while [ ! -e /go ]; do usleep 50000; done";
const tell = (name: string): Promise<string> => docker("exec", name, "touch", "/go");

const linesOf = (log: PastLog | undefined): number =>
  log?.generations.reduce((sum, generation) => sum + generation.lines, 0) ?? 0;

/** Lines as text, dividers as what they are. */
async function shown(view: LogView): Promise<string[]> {
  const lines = await view.lines();
  return lines.map(({ stream, text }) =>
    stream === 0 ? `<${logMark.parse(JSON.parse(text)).kind}>` : Buffer.from(text, "latin1").toString(),
  );
}

async function search(text: string, caseSensitive = true) {
  const found: Record<string, number> = {};
  for await (const { name, matches } of engine.handlers.logs.searchPast({ text, caseSensitive }, engine.signal)) {
    found[name] = matches;
  }
  return found;
}

async function exported(view: LogView, format: "raw" | "jsonl"): Promise<string> {
  const parts: Uint8Array[] = [];
  const input = { view: view.id, what: "everything", format } as const;
  for await (const { bytes } of view.logs.export(input, view.signal)) parts.push(bytes);
  return Buffer.concat(parts).toString("utf8");
}

test("a container's lines outlive it, and its successor's come after them with a divider between", async () => {
  await run("web", "seq 1 3 | sed 's/^/old /'; echo Straße; sleep 60");
  let view = await open({ kind: "container", id: "web" });
  await view.until(({ sources }) => sources[0]?.lines === 4);
  await docker("rm", "-f", "web");
  await view.until(({ sources }) => sources[0]?.state === "past");
  expect((await shown(view)).slice(-2)).toEqual(["<stopped>", "<removed>"]);
  expect(await pastUntil("web", (log) => linesOf(log) >= 4)).toMatchObject({ present: false, name: "web" });
  await run("web", "seq 1 2 | sed 's/^/new /'; sleep 60");
  await pastUntil("web", (log) => log?.present === true);
  await closeViews();
  view = await open({ kind: "container", id: "web" });
  const whole = ["old 1", "old 2", "old 3", "Straße", "<stopped>", "<removed>", "<generation>", "new 1", "new 2"];
  await view.until(({ sources }) => sources[0]?.complete === true && sources[0].lines === whole.length);
  expect(await shown(view)).toEqual(whole);
  await docker("rm", "-f", "web");
  await view.until(({ sources }) => sources[0]?.state === "past");
  const log = await pastUntil("web", (now) => now?.generations.length === 2 && !now.present);
  expect(log?.generations.map(({ image }) => image)).toEqual(["busybox:test", "busybox:test"]);
  expect([
    await search("old "),
    await search("OLD "),
    await search("OLD 1", false),
    await search("STRAßE", false),
  ]).toEqual([{ web: 3 }, {}, { web: 1 }, { web: 1 }]);
  const kept = await open({ kind: "past", name: "web" });
  await kept.until(({ sources }) => sources[0]?.state === "past" && sources[0].complete);
  expect((await shown(kept)).filter((text) => !text.startsWith("<"))).toEqual([
    "old 1",
    "old 2",
    "old 3",
    "Straße",
    "new 1",
    "new 2",
  ]);
  expect(await exported(kept, "raw")).toBe("old 1\nold 2\nold 3\nStraße\nnew 1\nnew 2\n");
  const found = await kept.search({ text: "old", regex: false, caseSensitive: true }, async ({ matches }) => matches);
  expect(found).toBe(3);
});

test("what is read again after a start of the app is kept once", async () => {
  await run(
    "again",
    `for i in $(seq 1 300); do echo first $i; done; ${untilTold}; for i in $(seq 1 300); do echo then $i; done; sleep 60`,
  );
  await open({ kind: "container", id: "again" });
  await pastUntil("again", (log) => linesOf(log) === 300);
  await restart(() => tell("again"));
  await open({ kind: "container", id: "again" });
  await pastUntil("again", (log) => linesOf(log) === 600);
  // A second view and a third reading add nothing.
  await open({ kind: "container", id: "again" });
  await restart();
  await (await open({ kind: "container", id: "again" })).until(({ sources }) => sources[0]?.lines === 600);
  const expected = await docker("logs", "again");
  await docker("rm", "-f", "again");
  const kept = await open({ kind: "past", name: "again" });
  expect((await kept.text()).join("\n")).toBe(expected);
});

test("older lines that are read later are kept before the others, and paged in again", async () => {
  await run("deep", "seq 1 50000 | sed 's/^/line /'; sleep 60");
  const view = await open({ kind: "container", id: "deep" });
  await pastUntil("deep", (log) => linesOf(log) >= 10_000);
  await view.loadAll();
  await view.until(({ sources }) => sources[0]?.complete === true);
  await pastUntil("deep", (log) => linesOf(log) === 50_000);
  await docker("rm", "-f", "deep");
  await closeViews();
  const kept = await open({ kind: "past", name: "deep" });
  expect(kept.current().sources[0]?.lines).toBeGreaterThanOrEqual(10_000);
  await kept.loadAll();
  await kept.until(({ sources }) => sources[0]?.complete === true);
  expect(await kept.text()).toEqual(Array.from({ length: 50_000 }, (_, at) => `line ${at + 1}`));
});

test("lines that the engine has rotated away come from what is kept", async () => {
  const writer = `seq 1 2000 | sed 's/^/line with some text to fill the file /'; ${untilTold}; seq 2001 4000; sleep 60`;
  const id = await run("rotate", writer, "--log-opt", "max-size=100k", "--log-opt", "max-file=2");
  const first = await open({ kind: "container", id });
  await first.until(({ sources }) => (sources[0]?.lines ?? 0) > 0 && sources[0]?.state === "live");
  await tell("rotate");
  await expect.poll(async () => (await first.text()).at(-1)).toBe("4000");
  await closeViews();
  const all = await open({ kind: "container", id });
  await all.until(({ sources }) => sources[0]?.complete === true);
  const text = await all.text();
  const engineLines = (await docker("logs", "rotate")).split("\n");
  expect(text.length).toBeGreaterThan(engineLines.length);
  expect(text.slice(-engineLines.length)).toEqual(engineLines);
  expect(new Set(text).size).toBe(text.length);
});

test("with the setting on, what nobody has open is kept too", async () => {
  await engine.handlers.settings.update({ changes: { keepAllLogs: true } }, engine.signal);
  await run("quiet", "echo unseen; sleep 60");
  await pastUntil("quiet", (log) => linesOf(log) === 1);
  await docker("rm", "-f", "quiet");
  await engine.handlers.settings.update({ changes: { keepAllLogs: false } }, engine.signal);
  expect(await search("unseen")).toEqual({ quiet: 1 });
});

test("only the owner can read it, and forgetting deletes it", async () => {
  await run("secret", "echo topsecret; sleep 60");
  await open({ kind: "container", id: "secret" });
  await pastUntil("secret", (log) => linesOf(log) === 1);
  const files = (): string[] =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  await expect.poll(() => files().length).toBe(3);
  for (const path of [folder, ...files()]) {
    const facts = statSync(path);
    expect([path, facts.mode & 0o777]).toEqual([path, facts.isDirectory() ? 0o700 : 0o600]);
  }
  await closeViews();
  await engine.handlers.logs.forget({ names: ["secret"] }, engine.signal);
  expect(await past()).toEqual([]);
  const left = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(left.map(({ name, parentPath }) => readFileSync(join(parentPath, name), "utf8"))).toEqual([]);
});

test("the cap lets the oldest lines go first", async () => {
  await engine.handlers.settings.update({ changes: { keptLogsMiB: 1 } }, engine.signal);
  await run("first", "seq 1 9000 | sed 's/^/the first container writes this line, which is quite long /'; sleep 60");
  await open({ kind: "container", id: "first" });
  await pastUntil("first", (log) => linesOf(log) === 9000);
  await run("second", "seq 1 9000 | sed 's/^/the second container writes this line, which is quite long /'; sleep 60");
  await open({ kind: "container", id: "second" });
  await pastUntil("second", (log) => linesOf(log) === 9000);
  const cut = await pastUntil("first", (log) => linesOf(log) < 9000);
  expect(linesOf(cut)).toBeGreaterThan(0);
  const size = (await past()).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  expect(size).toBeLessThanOrEqual(1024 * 1024);
  await docker("rm", "-f", "first");
  const kept = await open({ kind: "past", name: "first" });
  expect((await kept.text()).at(-1)).toBe("the first container writes this line, which is quite long 9000");
  await engine.handlers.settings.update({ changes: { keptLogsMiB: 1024 } }, engine.signal);
});

test("on a full disk following goes on in memory and says so; with room again, it is kept again", async () => {
  await closeViews();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k,mode=700", "longshore-test", folder]);
  try {
    await start();
    await run("flood", "seq 1 20000 | sed 's/^/more than the disk can take /'; sleep 3; echo still here; sleep 60");
    const view = await open({ kind: "container", id: "flood" });
    const { kept } = await view.until((status) => status.kept.state === "memory");
    expect(kept.notice).toContain("is full");
    await expect.poll(async () => (await view.text()).at(-1), { interval: 500 }).toBe("still here");
    execFileSync("mount", ["-o", "remount,size=64m", folder]);
    await view.until((status) => status.kept.state === "disk", 60_000);
    await pastUntil("flood", (log) => linesOf(log) >= 10_000);
    await closeViews();
    await expect.poll(() => search("still here")).toEqual({ flood: 1 });
  } finally {
    await engine?.close();
    execFileSync("umount", [folder]);
    await start();
  }
}, 180_000);

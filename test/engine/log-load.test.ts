import { spawn } from "node:child_process";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { logMark } from "#contract";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { type EngineUnderTest, startEngine } from "../fixtures/engine-under-test.ts";
import { LogView } from "../fixtures/log-view.ts";
import { overMachine } from "../fixtures/over-machine.ts";

const host = inject("dockerHost");
const docker = dockerCli(host);
const views: LogView[] = [];

let engine: EngineUnderTest;

beforeAll(async () => {
  engine = await startEngine(host);
  for await (const state of engine.handlers.engine.watch({}, engine.signal)) if (state.status === "connected") break;
});
afterAll(() => engine?.close());
afterEach(async () => {
  await Promise.all(views.splice(0).map((view) => view.close()));
  const ids = (await docker("ps", "-aq")).split("\n").filter((id) => id !== "");
  if (ids.length > 0) await docker("rm", "-fv", ...ids);
});

async function run(name: string, script: string, ...options: string[]): Promise<string> {
  const args = ["-d", "--net=none", "--name", name, ...options, "busybox:test", "sh", "-c", script];
  return await docker("run", ...args);
}

async function open(...names: string[]): Promise<LogView> {
  const view = new LogView(
    engine.handlers.logs,
    names.map((id) => ({ kind: "container", id })),
  );
  views.push(view);
  await view.until(({ sources }) => sources.every(({ state }) => state !== "reading"));
  return view;
}

/** How long a container needed for what it does, by the engine's clock. */
async function livedMs(name: string): Promise<number> {
  await docker("wait", name);
  const times = await docker("inspect", "--format", "{{.State.StartedAt}} {{.State.FinishedAt}}", name);
  const [started = 0, finished = 0] = times.split(" ").map((time) => Date.parse(time));
  return finished - started;
}

test("a flood takes a container no longer with its log open, and no longer with a view that reads nothing", async () => {
  // More than any buffer on the way holds: whoever is held up by its reader never comes to its end.
  const flood =
    "sleep 1; yes 'a line of the flood that is as long as lines of logs usually are, or nearly so' | head -n 300000";
  await run("closed", flood);
  const closed = await livedMs("closed");
  await run("open", flood);
  const view = await open("open");
  const opened = await livedMs("open");
  await view.until(({ sources }) => sources[0]?.state === "waiting", 60_000);
  await view.close();
  await run("stalled", flood);
  const left = new AbortController();
  const signal = AbortSignal.any([engine.signal, left.signal]);
  const tail = engine.handlers.logs.tail({ id: "stalled", tail: 10, follow: true }, signal)[Symbol.asyncIterator]();
  const items = engine.handlers.logs
    .view({ sources: [{ kind: "container", id: "stalled" }], follow: true }, signal)
    [Symbol.asyncIterator]();
  // Both are begun, and then left alone.
  await Promise.all([tail.next(), items.next()]);
  const stalled = await livedMs("stalled");
  left.abort();
  expect({ opened: opened < closed * 4 + 5000, stalled: stalled < closed * 4 + 5000 }).toEqual({
    opened: true,
    stalled: true,
  });
  await Promise.allSettled([tail.return?.(), items.return?.()]);
}, 240_000);

test("ten containers at 2,000 lines a second stand in order, and the histogram counts the same lines", async () => {
  const names = Array.from({ length: 10 }, (_, at) => `busy-${at}`);
  const script = "for i in $(seq 1 40); do seq $((i * 100)) $((i * 100 + 99)); usleep 45000; done; sleep 600";
  await Promise.all(names.map((name) => run(name, script)));
  const view = await open(...names);
  await view.until(({ sources }) => sources.every(({ lines }) => lines === 4000), 60_000);
  const lines = await view.lines();
  expect(lines.length).toBe(40_000);
  const late = lines.findIndex(({ time }, at) => time < (lines[at - 1]?.time ?? 0));
  expect(late).toBe(-1);
  for (const source of names.keys()) {
    const own = lines.filter((line) => line.source === source).map(({ text }) => text);
    expect(own).toEqual(Array.from({ length: 4000 }, (_, at) => String(at + 100)));
  }
  const histogram = await view.logs.histogram({ view: view.id, buckets: 50 }, view.signal);
  const counted = Array.from({ length: 50 }, () => 0);
  for (const { time } of lines) {
    const bucket = Math.min(49, Math.floor((time - histogram.from) / histogram.bucketMs));
    counted[bucket] = (counted[bucket] ?? 0) + 1;
  }
  const shown = histogram.buckets.map((levels) => levels.reduce((sum, count) => sum + count));
  expect(shown).toEqual(counted);
  // The time range that a brush over some buckets sets has the lines that they count.
  const [from, to] = [histogram.from + 10 * histogram.bucketMs, histogram.from + 20 * histogram.bucketMs];
  const filter = { stdout: true, stderr: true, dividers: true, foldTraces: false, from, to };
  await view.logs.filter({ view: view.id, filter }, view.signal);
  const within = lines.filter(({ time }) => time >= from && time < to);
  expect((await view.lines()).map(({ text, source }) => [source, text])).toEqual(
    within.map(({ text, source }) => [source, text]),
  );
}, 180_000);

test("bytes that are no UTF-8 are in the download as the container wrote them", async () => {
  await run("raw", String.raw`printf 'bad \377\376\300 bytes\n\200\n'; printf 'and \355\240\200 more\n' >&2`);
  await docker("wait", "raw");
  const view = await open("raw");
  const parts: Uint8Array[] = [];
  const input = { view: view.id, what: "everything", format: "raw" } as const;
  for await (const { bytes } of view.logs.export(input, view.signal)) parts.push(bytes);
  const child = spawn("sh", ["-c", `docker -H ${host} logs raw 2>&1`], { stdio: ["ignore", "pipe", "ignore"] });
  const expected: Buffer[] = [];
  for await (const part of child.stdout) expected.push(Buffer.from(part));
  const lines = (bytes: Buffer): string[] =>
    bytes
      .toString("latin1")
      .split("\n")
      .sort((a, b) => a.localeCompare(b));
  expect(lines(Buffer.concat(parts))).toEqual(lines(Buffer.concat(expected)));
});

test("health and stops stand between the lines", async () => {
  const health = ["--health-cmd", "test -e /well", "--health-interval", "1s", "--health-retries", "1"];
  await run("patient", "echo born; sleep 2; echo better; touch /well; sleep 600", ...health);
  const view = await open("patient");
  const marks = async (): Promise<string[]> =>
    (await view.lines()).flatMap(({ stream, text }) => {
      const mark = stream === 0 ? logMark.parse(JSON.parse(text)) : undefined;
      return mark?.kind === "health" ? [mark.status] : [];
    });
  await expect.poll(marks).toContain("healthy");
  await docker("stop", "-t", "0", "patient");
  await view.until(({ sources }) => sources[0]?.state === "waiting");
  const last = (await view.lines()).at(-1)?.text ?? "";
  expect(logMark.parse(JSON.parse(last))).toEqual({ kind: "stopped", exitCode: 137 });
});

test("sizes tell how large each log is, how it is rotated, and what grows without end", async () => {
  await run("endless", "seq 1 5000");
  await run("rotated", "seq 1 10", "--log-opt", "max-size=1m", "--log-opt", "max-file=3");
  await run("own", "echo x", "--log-driver", "local");
  await run("mute", "echo x", "--log-driver", "none");
  await docker("wait", "endless", "rotated", "own", "mute");
  const { entries } = await engine.handlers.logs.sizes({}, engine.signal);
  // The machine's engine rotates all logs.
  const endless = overMachine
    ? { rotation: { maxSize: "10m", maxFiles: 3 } }
    : { warning: expect.stringContaining("max-size") };
  expect(entries.find(({ name }) => name === "endless")).toMatchObject(endless);
  // It is the size of a file, which only the engine's own computer can tell.
  if (!overMachine) expect(entries[0]?.sizeBytes).toBeGreaterThan(100_000);
  const found = Object.fromEntries(entries.map(({ name, rotation, warning }) => [name, { rotation, warning }]));
  expect(found.rotated).toEqual({ rotation: { maxSize: "1m", maxFiles: 3 }, warning: undefined });
  expect(found.own).toEqual({ rotation: { maxSize: "20m", maxFiles: 5 }, warning: undefined });
  expect(found.mute).toEqual({ rotation: undefined, warning: undefined });
});

import { spawn } from "node:child_process";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { isCancelled, type LogItem, logMark } from "#contract";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { type EngineUnderTest, startEngine } from "../fixtures/engine-under-test.ts";
import { LogView } from "../fixtures/log-view.ts";

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

/** Runs a program in a container with bytes on its input, until it ends. */
function runWith(name: string, input: Buffer, ...command: string[]): Promise<void> {
  const args = ["-H", host, "run", "-i", "--net=none", "--name", name, "busybox:test", ...command];
  const child = spawn("docker", args, { stdio: ["pipe", "ignore", "ignore"] });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
}

/** What `docker logs` prints, byte for byte, on its two outputs. */
async function dockerLogs(name: string, ...options: string[]): Promise<{ out: Buffer; err: Buffer }> {
  const child = spawn("docker", ["-H", host, "logs", ...options, name], { stdio: ["ignore", "pipe", "pipe"] });
  const collect = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part);
    return Buffer.concat(parts);
  };
  const [out, err] = await Promise.all([collect(child.stdout), collect(child.stderr)]);
  return { out, err };
}

async function tailed(name: string, tail = 10_000): Promise<{ out: Buffer; err: Buffer }> {
  const parts: Record<1 | 2, Buffer[]> = { 1: [], 2: [] };
  for await (const item of engine.handlers.logs.tail({ id: name, tail, follow: false }, engine.signal)) {
    if (item.kind !== "lines") continue;
    item.ends.forEach((end, index) => {
      const line = item.bytes.subarray(index === 0 ? 0 : item.ends[index - 1], end);
      parts[item.sources[index] ?? 1].push(Buffer.from(line), Buffer.from("\n"));
    });
  }
  return { out: Buffer.concat(parts[1]), err: Buffer.concat(parts[2]) };
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

const texts = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: "grapheme", maxLength: 80 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom("", "日本語 🚢", "INFO ready", "ERROR ünïcode", "aaa aab aba baa", "a\tb  c"),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 45_000 }).map((length) => "🚢é-".repeat(length / 7)) },
);
/** Which line a query is taken from, and how long it is. */
const picks = fc.tuple(fc.nat(), fc.nat());
const logs = fc.array(
  texts.map((text) => text.replaceAll(/[\r\n\0]/g, "?")),
  { minLength: 1, maxLength: 120 },
);

describe("tail", () => {
  test("equals `docker logs` byte for byte on both outputs, in characters of any width", async () => {
    const script = 'i=0; while [ $i -lt 400 ]; do echo "línea $i 日本語 🚢"; echo "err $i ✗" >&2; i=$((i+1)); done';
    await runWith("wide", Buffer.alloc(0), "sh", "-c", script);
    expect(await tailed("wide")).toEqual(await dockerLogs("wide"));
  });

  test("equals it for a terminal and for lines that the engine cuts in parts", async () => {
    const long = Buffer.from(`${"日本🚢".repeat(9000)}\nshort\n${"x".repeat(16_384)}\n\nend\n`);
    await runWith("long", long, "cat");
    expect(await tailed("long")).toEqual(await dockerLogs("long"));
    await docker("run", "-dt", "--net=none", "--name", "tty", "busybox:test", "sh", "-c", "echo one; echo ö; seq 1 50");
    await docker("wait", "tty");
    expect(await tailed("tty")).toEqual(await dockerLogs("tty"));
  });

  test("follows through restarts and says when the container is removed", async () => {
    await docker("run", "-d", "--net=none", "--name", "again", "busybox:test", "sh", "-c", "echo hello; sleep 60");
    const seen: LogItem[] = [];
    const reading = (async () => {
      for await (const item of engine.handlers.logs.tail({ id: "again", tail: 10, follow: true }, engine.signal)) {
        seen.push(item);
      }
    })();
    const until = (matches: () => boolean): Promise<void> => expect.poll(matches).toBe(true);
    const count = (): number => seen.reduce((sum, item) => sum + (item.kind === "lines" ? item.ends.length : 0), 0);
    await until(() => count() === 1);
    await docker("kill", "again");
    await until(() => seen.some((item) => item.kind === "ended" && item.reason === "stopped"));
    await docker("start", "again");
    await until(() => seen.some((item) => item.kind === "restarted") && count() === 2);
    await docker("rm", "-f", "again");
    await reading;
    expect(seen.at(-1)).toEqual({ kind: "ended", reason: "removed" });
    expect(count()).toBe(2);
  });

  test("a log driver without a reader is named, with what to do", async () => {
    await docker("run", "-d", "--net=none", "--name", "mute", "--log-driver", "none", "busybox:test", "sh");
    await expect(tailed("mute")).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining('"none"'),
    });
    const view = await open("mute");
    expect(view.current().sources[0]).toMatchObject({ state: "failed", error: expect.stringContaining("json-file") });
  });
});

describe("view", () => {
  test("any log and any query give the lines and matches of `docker logs` and `grep`", async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(logs, picks, fc.boolean(), async (entries, [which, length], caseSensitive) => {
        const name = `random-${number++}`;
        await runWith(name, Buffer.from(`${entries.join("\n")}\n`), "cat");
        const view = await open(name);
        const { out } = await dockerLogs(name);
        const expected = out.toString("latin1").split("\n").slice(0, -1);
        expect(await view.text()).toEqual(expected);
        const line = Array.from(entries[which % entries.length] ?? "");
        const query = line.slice(0, 1 + (length % 8)).join("") || "a";
        const bytes = Buffer.from(query).toString("latin1");
        const ascii = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
        // Without case, letters beyond ASCII are the regular expression's matter, which knows more of them.
        const isSensitive = caseSensitive || /[^\p{ASCII}]/u.test(query);
        const hit = (text: string): boolean =>
          isSensitive ? text.includes(bytes) : ascii(text).includes(ascii(bytes));
        await view.search({ text: query, regex: false, caseSensitive: isSensitive }, async (item) => {
          expect(item.matches).toBe(expected.filter(hit).length);
          const only = { stdout: true, stderr: true, dividers: true, foldTraces: false } as const;
          await view.logs.filter(
            { view: view.id, filter: { ...only, onlyMatches: { context: 0, invert: false } } },
            view.signal,
          );
          expect(await view.text()).toEqual(expected.filter(hit));
          await view.logs.filter(
            { view: view.id, filter: { ...only, onlyMatches: { context: 0, invert: true } } },
            view.signal,
          );
          expect(await view.text()).toEqual(expected.filter((text) => !hit(text)));
        });
        await view.close();
        await docker("rm", "-f", name);
      }),
      { numRuns: 12 },
    );
  }, 240_000);

  test("older lines are paged in and loaded without one missing or doubled", async () => {
    await docker(
      "run",
      "-d",
      "--net=none",
      "--name",
      "deep",
      "busybox:test",
      "sh",
      "-c",
      "seq 1 60000 | sed 's/^/INFO line /'",
    );
    await docker("wait", "deep");
    // A slow engine still writes down what the container has said.
    await expect.poll(() => docker("logs", "--tail", "1", "deep")).toBe("INFO line 60000");
    const view = await open("deep");
    expect(view.current().count).toBeLessThan(10_010);
    const page = await view.logs.older({ view: view.id }, view.signal);
    expect(page.more).toBe(true);
    await view.until(({ count }) => count > 10_000 + page.addedLines);
    const paged = await view.text();
    expect(paged.length).toBe(10_000 + page.addedLines);
    expect(paged).toEqual(
      Array.from({ length: paged.length }, (_, at) => `INFO line ${60_000 - paged.length + at + 1}`),
    );
    await view.loadAll();
    await view.until(({ sources }) => sources[0]?.complete === true);
    expect(await view.text()).toEqual(Array.from({ length: 60_000 }, (_, at) => `INFO line ${at + 1}`));
    expect(await view.logs.older({ view: view.id }, view.signal)).toEqual({ addedLines: 0, more: false });
    const { counts } = await view.search({ text: "000", regex: false, caseSensitive: true }, async ({ matches }) => {
      expect(matches).toBe(105);
      const found = await view.logs.match(
        { view: view.id, from: view.current().first - 1, direction: "next" },
        view.signal,
      );
      expect(found).toMatchObject({ total: 105, found: { ordinal: 1 } });
      return view.logs.matchMap({ view: view.id, buckets: 60 }, view.signal);
    });
    expect(counts.reduce((sum, count) => sum + count)).toBe(105);
    const histogram = await view.logs.histogram({ view: view.id, buckets: 20 }, view.signal);
    expect(histogram.buckets.flat().reduce((sum, count) => sum + count)).toBe(60_000);
    expect(histogram.buckets.reduce((sum, levels) => sum + (levels[3] ?? 0), 0)).toBe(60_000);
    let exported = "";
    const whole = { view: view.id, what: "everything", format: "raw" } as const;
    for await (const { bytes } of view.logs.export(whole, view.signal)) exported += Buffer.from(bytes).toString();
    expect(exported).toBe((await dockerLogs("deep")).out.toString());
  });

  test("older lines that are asked for twice at once are read one after the other", async () => {
    await docker("run", "-d", "--net=none", "--name", "twice", "busybox:test", "seq", "1", "60000");
    await docker("wait", "twice");
    const view = await open("twice");
    await Promise.all([view.loadAll(), view.logs.older({ view: view.id }, view.signal), view.loadAll()]);
    await view.until(({ sources }) => sources[0]?.complete === true);
    expect(await view.text()).toEqual(Array.from({ length: 60_000 }, (_, at) => `${at + 1}`));
  });

  test("several containers stand in the order of time, live lines too", async () => {
    const script = "while true; do echo tick; sleep 0.01; done";
    const names = ["m1", "m2", "m3"];
    await Promise.all(
      names.map((name) => docker("run", "-d", "--net=none", "--name", name, "busybox:test", "sh", "-c", script)),
    );
    const view = await open(...names);
    await view.until(({ count }) => count > 300);
    // While lines come, a late one may still be put before others; once they have stopped, each has its place.
    await docker("kill", ...names);
    await view.until(({ sources }) => sources.every(({ state }) => state === "waiting"));
    const lines = await view.lines();
    expect(new Set(lines.map(({ source }) => source)).size).toBe(3);
    const times = lines.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const source of [0, 1, 2]) {
      const numbers = lines.filter((line) => line.source === source).map(({ line }) => line);
      expect(numbers).toEqual(Array.from(numbers, (_, at) => (numbers[0] ?? 0) + at));
    }
    const middle = times[Math.floor(times.length / 2)] ?? 0;
    const { position } = await view.logs.seek({ view: view.id, time: middle }, view.signal);
    const { times: at } = await view.logs.rows({ view: view.id, from: position, count: 1 }, view.signal);
    expect(at[0]).toBeGreaterThanOrEqual(middle);
  });

  test("a stop, a start and a removal are dividers, and no line comes twice", async () => {
    await docker("run", "-d", "--net=none", "--name", "life", "busybox:test", "sh", "-c", "echo born; sleep 60");
    const view = await open("life");
    await docker("kill", "life");
    await view.until(({ sources }) => sources[0]?.state === "waiting");
    await docker("start", "life");
    await view.until(({ sources }) => sources[0]?.state === "live" && sources[0].lines === 4);
    await docker("rm", "-f", "life");
    await view.until(({ sources }) => sources[0]?.state === "past");
    const lines = (await view.lines()).map(({ stream, text }) =>
      stream === 0 ? logMark.parse(JSON.parse(text)).kind : text,
    );
    expect(lines).toEqual(["born", "stopped", "started", "born", "stopped", "removed"]);
  });

  test("a hostile expression is stopped within its half second, and the view goes on", async () => {
    const hostile = Buffer.from(`${"a".repeat(40)}!\nfine\n`);
    await runWith("redos", hostile, "cat");
    const view = await open("redos");
    const startedAt = performance.now();
    const item = await view.search({ text: "^(a+)+$", regex: true, caseSensitive: true }, async (result) => result);
    expect(item.kind).toBe("stopped");
    // By itself it would take longer than the world has been there.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    const again = await view.search({ text: "^f.ne$", regex: true, caseSensitive: true }, async (result) => result);
    expect(again).toMatchObject({ kind: "progress", matches: 1, done: true });
    const invalid = view.search({ text: "a(b", regex: true, caseSensitive: true }, async () => undefined);
    await expect(invalid).rejects.toMatchObject({ code: "bad_request", data: { position: 1 } });
  });

  test("a new search ends the old one", async () => {
    await runWith("two", Buffer.from("one\ntwo\n"), "cat");
    const view = await open("two");
    const begun = Promise.withResolvers<void>();
    const first = (async () => {
      for await (const _ of view.logs.search(
        { view: view.id, query: { text: "one", regex: false, caseSensitive: true } },
        view.signal,
      ))
        begun.resolve();
      return "ended";
    })().catch((error: unknown) => (isCancelled(error) ? "ended" : error));
    await begun.promise;
    await view.search({ text: "two", regex: false, caseSensitive: true }, async ({ matches }) =>
      expect(matches).toBe(1),
    );
    expect(await first).toBe("ended");
  });
});

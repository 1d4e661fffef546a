import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { contract, createClient, type LogQuery, type LogStatus, type LongshoreClient } from "#contract";
import { type App, startApp } from "../fixtures/app.ts";
import { type DockerEngine, startDocker } from "../fixtures/docker-engine.ts";
import { connectAsPage } from "../fixtures/rpc-client.ts";
import { parseCost } from "./frame-cost.ts";
import { type Bench, type BenchResult, median, medianOf, round, timed } from "./statistics.ts";
import { xtermSearchMs } from "./xterm-search.ts";

const run = promisify(execFile);
const lineCount = 1_000_000;
/** 108 bytes a line on average, one in a thousand an error. */
const writer = `seq 1 ${lineCount} | sed -e 's#^.*000$#ERROR upstream refused trace &#' -e 's#^#2026-11-24T10:15:30.123Z INFO request handled path=/api/items status=200 duration=12ms client=10.0.0.17 id=#'`;

interface Place {
  readonly engine: DockerEngine;
  readonly app: App;
  readonly client: LongshoreClient;
  /** What `docker logs` prints. */
  readonly file: string;
}

/** One engine with one long log, and the built app on it, for all of these. */
async function withLog(work: (place: Place) => Promise<BenchResult>): Promise<BenchResult> {
  const engine = await startDocker();
  const folder = await mkdtemp(join(tmpdir(), "longshore-bench-"));
  const file = join(folder, "log");
  const app = await startApp({ engine: engine.host, home: join(folder, "home") });
  const session = await connectAsPage(app.url);
  try {
    await engine.docker("run", "-d", "--net=none", "--name", "long", "busybox:test", "sh", "-c", writer);
    await engine.docker("wait", "long");
    await dump(engine, file);
    return await work({ engine, app, file, client: createClient(contract, session.port) });
  } finally {
    session.close();
    await app.stop();
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function dump(engine: DockerEngine, file: string): Promise<void> {
  const child = spawn("docker", ["-H", engine.host, "logs", "long"], { stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout.pipe(createWriteStream(file)), "close");
}

/** `docker logs`, and nobody looks at it. */
async function dockerLogs({ engine }: Place): Promise<void> {
  const child = spawn("docker", ["-H", engine.host, "logs", "long"], { stdio: "ignore" });
  await once(child, "exit");
}

/** Opens the whole log; gives what `look` does with it while it is open. */
async function withView<T>({ client }: Place, look: (view: string, status: () => LogStatus) => Promise<T>): Promise<T> {
  const left = new AbortController();
  let last: LogStatus | undefined;
  const opened = Promise.withResolvers<string>();
  const complete = Promise.withResolvers<void>();
  void (async () => {
    const source = { kind: "container", id: "long" } as const;
    for await (const item of client.logs.view({ sources: [source], follow: true }, { signal: left.signal })) {
      if (item.kind === "opened") opened.resolve(item.view);
      else {
        last = item;
        if (item.sources[0]?.complete) complete.resolve();
      }
    }
  })().catch(() => {});
  try {
    const view = await opened.promise;
    for await (const _ of client.logs.load({ view })) if (last?.sources[0]?.complete) break;
    await complete.promise;
    return await look(view, () => {
      if (!last) throw new Error("no status");
      return last;
    });
  } finally {
    left.abort();
  }
}

async function load(): Promise<BenchResult> {
  return withLog(async (place) => {
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < 3; turn += 1) {
      theirs.push(await timed(() => dockerLogs(place)));
      let lines = 0;
      const look = async (_view: string, status: () => LogStatus): Promise<void> => {
        lines = status().sources[0]?.lines ?? 0;
      };
      ours.push(await timed(() => withView(place, look)));
      if (lines < lineCount) throw new Error(`${lines} lines`);
    }
    const ratio = median(ours) / median(theirs);
    const note = `${round(median(ours))} ms against ${round(median(theirs))} ms`;
    return { value: round(ratio), unit: "x docker logs", holds: ratio <= 1.1, note };
  });
}

async function searchMs({ client }: Place, view: string, query: LogQuery): Promise<{ ms: number; matches: number }> {
  const startedAt = performance.now();
  for await (const item of client.logs.search({ view, query })) {
    if (item.kind === "progress" && !item.done) continue;
    return { ms: performance.now() - startedAt, matches: item.matches };
  }
  throw new Error("the search ended without a result");
}

async function medianSearch(place: Place, view: string, query: LogQuery): Promise<{ ms: number; matches: number }> {
  let matches = 0;
  const ms = await medianOf(5, async () => {
    const found = await searchMs(place, view, query);
    matches = found.matches;
    return found.ms;
  });
  return { ms, matches };
}

async function rgMs(file: string, text: string): Promise<number> {
  return medianOf(5, () => timed(() => run("rg", ["-j1", "-c", "-F", text, file]).catch(() => {})));
}

async function literal(): Promise<BenchResult> {
  return withLog((place) =>
    withView(place, async (view) => {
      const text = "upstream refused";
      const ours = await medianSearch(place, view, { text, regex: false, caseSensitive: true });
      if (ours.matches !== lineCount / 1000) throw new Error(`${ours.matches} matches`);
      const rg = await rgMs(place.file, text);
      const note = `${round(ours.ms)} ms from the call to the whole count, against ${round(rg)} ms`;
      return { value: round(ours.ms / rg), unit: "x rg -j1", holds: ours.ms <= 3 * rg, note };
    }),
  );
}

async function againstXterm(): Promise<BenchResult> {
  return withLog((place) =>
    withView(place, async (view) => {
      const text = "nowhere in this log";
      const ours = await medianSearch(place, view, { text, regex: false, caseSensitive: true });
      const xterm = await xtermSearchMs(place.file, text);
      const note = `${round(ours.ms)} ms against ${round(xterm)} ms`;
      return { value: round(xterm / ours.ms), unit: "x as fast as xterm", holds: xterm >= 100 * ours.ms, note };
    }),
  );
}

/** `RegExp` over strings of 1 MiB that are there already: as fast as JavaScript can look at each line. */
async function regExpMs(file: string, source: string): Promise<number> {
  const bytes = await readFile(file);
  const blocks: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1024 * 1024);
    const cut = end === bytes.length ? end : bytes.lastIndexOf(0x0a, end) + 1;
    blocks.push(bytes.toString("latin1", at, cut));
    at = cut;
  }
  return medianOf(3, () =>
    timed(async () => {
      let matches = 0;
      for (const block of blocks) for (const _ of block.matchAll(new RegExp(source, "gm"))) matches += 1;
      if (matches !== lineCount / 1000) throw new Error(`${matches} matches`);
    }),
  );
}

async function regex(): Promise<BenchResult> {
  return withLog((place) =>
    withView(place, async (view) => {
      const text = "ERROR up[a-z]+ refused .*0$";
      const ours = await medianSearch(place, view, { text, regex: true, caseSensitive: true });
      if (ours.matches !== lineCount / 1000) throw new Error(`${ours.matches} matches`);
      const plain = await regExpMs(place.file, text);
      const note = `${round(ours.ms)} ms against ${round(plain)} ms`;
      return { value: round(ours.ms / plain), unit: "x RegExp", holds: ours.ms <= 2 * plain, note };
    }),
  );
}

async function residentBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1]) * 1024;
}

async function memory(): Promise<BenchResult> {
  return withLog(async (place) => {
    const before = await residentBytes(place.app.pid);
    return withView(place, async (_view, status) => {
      const { size } = await stat(place.file);
      const ratio = status().memory.usedBytes / size;
      const grown = (await residentBytes(place.app.pid)) - before;
      const note = `the process grew by ${round(grown / size)}x, buffers of reading included`;
      return { value: round(ratio), unit: "x the raw log", holds: ratio <= 1.3, note };
    });
  });
}

async function parse(): Promise<BenchResult> {
  const costs = [1, 64, 1000, 16 * 1024, 64 * 1024, 1024 * 1024].map((size) => ({ size, ...parseCost(size) }));
  const worst = costs.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  const note = costs.map(({ size, ratio }) => `${size} B: ${round(ratio)}x`).join(", ");
  return { value: round(worst.ratio), unit: "x a bare frame parser", holds: worst.ratio <= 3, note };
}

export const benches: readonly Bench[] = [
  { id: "P1", goal: "full load of 1M lines ≤ 1.1x docker logs", run: load },
  { id: "P2", goal: "frames, times and lines ≤ 3x a bare frame parser at any chunk size", run: parse },
  { id: "P4", goal: "literal search in 1M lines ≤ 3x rg -j1", run: literal },
  { id: "P4-xterm", goal: "literal search ≥ 100x as fast as xterm's search", run: againstXterm },
  { id: "P5", goal: "regex search ≤ 2x RegExp over kept strings", run: regex },
  { id: "P6", goal: "memory ≤ 1.3x the raw log", run: memory },
];

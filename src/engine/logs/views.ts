import { randomUUID } from "node:crypto";
import { AppError, isCancelled } from "#contract/errors.ts";
import type { LogSourceSpec, LogStatus } from "#contract/log-view.ts";
import type { LogLoadProgress } from "#contract/logs.ts";
import { CourteousPace } from "./courteous-pace.ts";
import type { LogEngine } from "./engine-port.ts";
import { exportLines } from "./export-everything.ts";
import { FeedFiller, firstTail } from "./feed-filler.ts";
import { stitchedLines } from "./kept/stitched-lines.ts";
import { mergedLines } from "./line-stream.ts";
import type { LogWorker } from "./log-worker-client.ts";
import { OlderLines, type OlderTarget } from "./older-lines.ts";
import type { ExportFormat } from "./store/export-format.ts";

interface OpenView {
  readonly id: string;
  readonly follow: boolean;
  readonly tail: number;
  readonly fills: Map<
    number,
    { readonly spec: LogSourceSpec; readonly stop: AbortController; readonly settled: Promise<void> }
  >;
  readonly older: OlderLines;
  readonly signal: AbortSignal;
  /** Settles when the reads of older lines that were asked for so far are through; the next one waits for it. */
  reading: Promise<unknown>;
}

type ViewItem = { kind: "opened"; view: string } | LogStatus;

/** The open log views: what fills them, and what reads further back. */
export class LogViews {
  readonly #engine: LogEngine;
  readonly #worker: LogWorker;
  readonly #views = new Map<string, OpenView>();
  readonly #pace = new CourteousPace();

  constructor(engine: LogEngine, worker: LogWorker) {
    this.#engine = engine;
    this.#worker = worker;
  }

  /** See `logs.view` of the contract. */
  async *open(
    {
      sources,
      follow,
      tail = firstTail,
    }: { sources: readonly LogSourceSpec[]; follow: boolean; tail?: number | undefined },
    signal: AbortSignal,
  ): AsyncGenerator<ViewItem> {
    const id = randomUUID();
    const worker = this.#worker.client;
    const closed = new AbortController();
    const older = new OlderLines(this.#engine, worker);
    const view: OpenView = {
      id,
      follow,
      tail,
      fills: new Map(),
      older,
      signal: AbortSignal.any([signal, closed.signal]),
      reading: Promise.resolve(),
    };
    this.#views.set(id, view);
    try {
      const { added } = await worker.view.open({ view: id, sources: [...sources] });
      for (const { source, spec } of added) this.#fill(view, source, spec);
      yield { kind: "opened", view: id };
      yield* worker.view.status({ view: id }, { signal: view.signal });
    } catch (error) {
      if (!isCancelled(error)) throw error;
    } finally {
      closed.abort();
      this.#views.delete(id);
      await worker.view.close({ view: id }).catch(() => {});
    }
  }

  async setSources(id: string, sources: readonly LogSourceSpec[]): Promise<void> {
    const view = this.#find(id);
    const { added } = await this.#worker.client.view.setSources({ view: id, sources: [...sources] });
    const wanted = new Set(sources.map((spec) => JSON.stringify(spec)));
    for (const [source, fill] of view.fills) {
      if (wanted.has(JSON.stringify(fill.spec))) continue;
      fill.stop.abort();
      view.fills.delete(source);
    }
    for (const { source, spec } of added) this.#fill(view, source, spec);
  }

  /** See `logs.older`. */
  async older(id: string, signal: AbortSignal): Promise<{ addedLines: number; more: boolean }> {
    const view = this.#find(id);
    const previous = view.reading;
    const both = AbortSignal.any([signal, view.signal]);
    const read = async (): Promise<{ addedLines: number; more: boolean }> => {
      await firstLines(view);
      let [addedLines, more] = [0, false];
      for (const target of olderTargets(view)) {
        const page = await view.older.page(target, both);
        addedLines += page.added;
        more ||= page.more;
      }
      return { addedLines, more };
    };
    const reading = previous.then(read);
    view.reading = reading.catch(() => {});
    return reading;
  }

  /** See `logs.load`. */
  async *load(id: string, signal: AbortSignal): AsyncGenerator<LogLoadProgress> {
    const view = this.#find(id);
    const both = AbortSignal.any([signal, view.signal]);
    const done = { lines: 0, bytes: 0 };
    const release = await turnToRead(view);
    try {
      await firstLines(view);
      const targets = olderTargets(view);
      for (const [index, target] of targets.entries()) {
        let last = { lines: 0, bytes: 0 };
        for await (const { lines, bytes, fraction } of view.older.all(target, both)) {
          last = { lines, bytes };
          const share = (index + Math.min(fraction, 0.999)) / targets.length;
          yield { lines: done.lines + lines, bytes: done.bytes + bytes, fraction: share };
        }
        done.lines += last.lines;
        done.bytes += last.bytes;
      }
      if (!both.aborted) yield { ...done, fraction: 1 };
    } finally {
      release();
    }
  }

  /** `logs.export` of everything: read anew from the engine, so that memory is no limit. */
  async *exportAll(id: string, format: ExportFormat, signal: AbortSignal) {
    const view = this.#find(id);
    const both = AbortSignal.any([signal, view.signal]);
    const specs = [...view.fills.values()].map(({ spec }) => spec);
    const streams = specs.map((spec) =>
      stitchedLines({ engine: this.#engine, worker: this.#worker.client }, spec, both),
    );
    yield* exportLines(mergedLines(streams), { format, withName: streams.length > 1 });
  }

  #find(id: string): OpenView {
    const view = this.#views.get(id);
    if (view) return view;
    throw new AppError("not_found", "This log view is closed. Open the logs again.");
  }

  #fill(view: OpenView, source: number, spec: LogSourceSpec): void {
    const stop = new AbortController();
    const signal = AbortSignal.any([view.signal, stop.signal]);
    if (spec.kind === "past") {
      const settled = this.#fillPast(view, source).catch(() => {});
      view.fills.set(source, { spec, stop, settled });
      return;
    }
    const filler = new FeedFiller(this.#engine, this.#worker.client, { view: view.id, source });
    view.fills.set(source, { spec, stop, settled: filler.settled });
    const pace = (bytes: number): Promise<void> => this.#pace.take(bytes, signal);
    void filler.run(spec.id, { tail: view.tail, follow: view.follow, pace }, signal);
    void this.#completeShort(view, { view: view.id, source, id: spec.id }, filler.settled);
  }

  async #fillPast(view: OpenView, source: number): Promise<void> {
    const { feed } = this.#worker.client;
    const target = { view: view.id, source, older: false } as const;
    await feed.past({ ...target, lines: firstTail });
    await feed.state({ ...target, state: "past" });
  }

  /** A short log is not all that there is to show: what is kept of before is read at once. */
  async #completeShort(view: OpenView, target: OlderTarget, settled: Promise<void>): Promise<void> {
    await settled;
    const reading = view.reading.then(async () => {
      const extent = await this.#worker.client.feed.extent({ view: target.view, source: target.source, older: false });
      if (extent.lines < firstTail && !view.signal.aborted) await view.older.page(target, view.signal);
    });
    view.reading = reading.catch(() => {});
  }
}

/** Waits for the reads before; the next one waits until what this gives is called. */
async function turnToRead(view: OpenView): Promise<() => void> {
  const before = view.reading;
  const { promise, resolve } = Promise.withResolvers<void>();
  // At once, because two that wait for the same one before them would then run together and mix their lines.
  view.reading = before.then(() => promise);
  await before;
  return resolve;
}

/** Older lines can only be asked for when it is known what they are older than. */
async function firstLines(view: OpenView): Promise<void> {
  await Promise.all([...view.fills.values()].map(({ settled }) => settled));
}

function olderTargets(view: OpenView): OlderTarget[] {
  return [...view.fills].map(([source, { spec }]) => ({
    view: view.id,
    source,
    ...(spec.kind === "container" ? { id: spec.id } : {}),
  }));
}

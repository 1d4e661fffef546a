import type { LogLoadProgress } from "#contract/logs.ts";
import { openLogBlocks } from "../docker/open-log.ts";
import { readFacts } from "./container-facts.ts";
import type { LogEngine } from "./engine-port.ts";
import type { FeedTarget } from "./feed-filler.ts";
import { firstTime } from "./first-time.ts";
import type { LogWorkerClient } from "./log-worker-client.ts";

const firstPage = 10_000;
const largestPage = 160_000;
/** Lines that may come while a page is read; the engine counts `tail` from the end of then. */
const slackLines = 2000;

/** A source of a view, and how its older lines are had. */
export interface OlderTarget extends FeedTarget {
  /** The container to ask the engine for; absent where all lines are kept ones. */
  readonly id?: string;
}

/**
 * Reads lines before those that a view has, a page at a time or all: what the engine has, then what is kept of before.
 * Never by `since`, which scans from the start.
 */
export class OlderLines {
  readonly #engine: LogEngine;
  readonly #worker: LogWorkerClient;
  readonly #pages = new Map<number, number>();

  constructor(engine: LogEngine, worker: LogWorkerClient) {
    this.#engine = engine;
    this.#worker = worker;
  }

  /** One page of one source. Errors: unavailable, not_found. */
  async page(target: OlderTarget, signal: AbortSignal): Promise<{ added: number; more: boolean }> {
    const feed = { view: target.view, source: target.source, older: true } as const;
    const extent = await this.#worker.feed.extent(feed);
    if (extent.complete || extent.full) return { added: 0, more: false };
    const page = this.#pages.get(target.source) ?? firstPage;
    this.#pages.set(target.source, Math.min(largestPage, page * 2));
    let read = 0;
    if (target.id !== undefined && !extent.engineComplete) {
      const { added, more } = await this.#enginePage({ ...target, id: target.id }, extent.lines + page, signal);
      if (more) return { added, more };
      read = added;
    }
    const past = await this.#worker.feed.past({ ...feed, lines: page });
    return { added: read + past.added, more: past.more };
  }

  /** Lines that the engine has before those that are there, so that there are `wanted` in all. */
  async #enginePage(
    target: OlderTarget & { id: string },
    wanted: number,
    signal: AbortSignal,
  ): Promise<{ added: number; more: boolean }> {
    const feed = { view: target.view, source: target.source, older: true } as const;
    const counted = await this.#read(target, wanted + slackLines, signal);
    const { oldestAt } = await this.#worker.feed.extent(feed);
    const { http } = this.#engine.session();
    const complete = counted === 0 || oldestAt === (await firstTime(http, target.id, { tail: "all", signal }));
    const { added } = await this.#worker.feed.commit({ ...feed, complete });
    return { added, more: !complete };
  }

  /** Everything that is older, with progress. What was read of the engine is given up where the loop is left. */
  async *all(target: OlderTarget, signal: AbortSignal): AsyncGenerator<LogLoadProgress> {
    const feed = { view: target.view, source: target.source, older: true } as const;
    const extent = await this.#worker.feed.extent(feed);
    if (extent.complete) return;
    let done = { lines: 0, bytes: 0 };
    if (target.id !== undefined && !extent.engineComplete) {
      for await (const progress of this.#allOfEngine({ ...target, id: target.id }, signal)) {
        done = { lines: progress.lines, bytes: progress.bytes };
        yield progress;
      }
    }
    for (let more = true; more && !signal.aborted; ) {
      if ((await this.#worker.feed.extent(feed)).full) return;
      const past = await this.#worker.feed.past({ ...feed, lines: largestPage });
      more = past.more;
      done.lines += past.added;
      yield { ...done, fraction: more ? 0.99 : 1 };
    }
  }

  async *#allOfEngine(target: OlderTarget & { id: string }, signal: AbortSignal): AsyncGenerator<LogLoadProgress> {
    const feed = { view: target.view, source: target.source, older: true } as const;
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    let finished = false;
    const reading = this.#read(target, "all", both).finally(() => {
      finished = true;
    });
    reading.catch(() => {});
    try {
      while (!finished && !signal.aborted) {
        await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, 100))]);
        yield (await this.#worker.feed.extent(feed)).older;
      }
      await reading;
      const { older } = await this.#worker.feed.extent(feed);
      await this.#worker.feed.commit({ ...feed, complete: true });
      yield { ...older, fraction: 0.99 };
    } finally {
      stop.abort();
      await this.#worker.feed.drop(feed).catch(() => {});
    }
  }

  /** Streams older lines into the source until they meet those that are there; returns how many there were. */
  async #read(target: OlderTarget & { id: string }, tail: number | "all", signal: AbortSignal): Promise<number> {
    const feed = { view: target.view, source: target.source, older: true } as const;
    const request = { id: target.id, tail, follow: false, timestamps: true, withoutChunks: true } as const;
    const session = this.#engine.session();
    const stop = new AbortController();
    const either = AbortSignal.any([signal, session.signal, stop.signal]);
    let met = false;
    try {
      const { blocks, tty } = await openLogBlocks(session.http, request, either);
      await this.#worker.feed.openOlder({ ...feed, tty });
      // One block is taken in while the next one is filled.
      for await (const bytes of blocks) {
        met = (await this.#worker.feed.chunk({ ...feed, bytes })).done;
        // The engine would go on with lines that are there already.
        if (met) break;
      }
    } finally {
      stop.abort();
    }
    // A log that was cut off looks as if it were through; an engine that is gone does not answer this.
    if (!met) await readFacts(session, target.id, signal);
    return (await this.#worker.feed.extent(feed)).older.lines;
  }
}

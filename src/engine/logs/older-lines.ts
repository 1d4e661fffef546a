import { AppError } from "#contract/errors.ts";
import type { LogLoadProgress } from "#contract/logs.ts";
import { openLogStream } from "../docker/open-log.ts";
import type { LogEngine } from "./engine-port.ts";
import type { FeedTarget } from "./feed-filler.ts";
import type { LogWorkerClient } from "./log-worker-client.ts";
import { SendWindow } from "./send-window.ts";

const firstPage = 10_000;
const largestPage = 160_000;
/** Lines that may come while a page is read; the engine counts `tail` from the end of then. */
const slackLines = 2000;

/** A container in a view, and how its older lines are had. */
export interface OlderTarget extends FeedTarget {
  readonly id: string;
}

/** Reads lines before those that a view has: a page at a time, or all. Never by `since`, which scans from the start. */
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
    const tail = extent.lines + page + slackLines;
    const counted = await this.#read(target, tail, signal);
    const after = await this.#worker.feed.extent(feed);
    // Fewer than were asked for: the log has no more.
    const complete = counted + after.lines < tail - slackLines;
    const { added } = await this.#worker.feed.commit({ ...feed, complete });
    return { added, more: !complete };
  }

  /** Everything that is older, with progress. What was read is given up where the loop is left. */
  async *all(target: OlderTarget, signal: AbortSignal): AsyncGenerator<LogLoadProgress> {
    const feed = { view: target.view, source: target.source, older: true } as const;
    const extent = await this.#worker.feed.extent(feed);
    if (extent.complete) return;
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
      yield { ...older, fraction: 1 };
    } finally {
      stop.abort();
      await this.#worker.feed.drop(feed).catch(() => {});
    }
  }

  /** Streams older lines into the source until they meet those that are there; returns how many there were. */
  async #read(target: OlderTarget, tail: number | "all", signal: AbortSignal): Promise<number> {
    const feed = { view: target.view, source: target.source, older: true } as const;
    const request = { id: target.id, tail, follow: false, timestamps: true } as const;
    const met = new AbortController();
    const either = AbortSignal.any([signal, met.signal]);
    const { stream, tty } = await openLogStream(this.#engine.session().http, request, either);
    await this.#worker.feed.openOlder({ ...feed, tty });
    const window = new SendWindow();
    const send = async (bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
      const { done } = await this.#worker.feed.chunk({ ...feed, bytes });
      // Ends the request: the engine would go on with lines that are there already.
      if (done) met.abort();
    };
    try {
      for await (const chunk of stream) {
        if (!Buffer.isBuffer(chunk)) throw new AppError("internal", "the log stream gave no bytes");
        await window.send(send(new Uint8Array(chunk)));
      }
    } catch (error) {
      if (!met.signal.aborted) throw error;
    }
    await window.drain();
    return (await this.#worker.feed.extent(feed)).older.lines;
  }
}

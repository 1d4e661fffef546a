import { AppError } from "#contract/errors.ts";
import type { LogQuery } from "#contract/log-filter.ts";
import type { LogSourceSpec, LogStatus } from "#contract/log-view.ts";
import type { LogSearchItem } from "#contract/logs.ts";
import { Bell } from "../../bell.ts";
import type { Arenas } from "../store/arena.ts";
import { RegexRunner } from "../store/regex-runner.ts";
import { Search } from "../store/search.ts";
import { SearchSession } from "../store/search-session.ts";
import type { SourceFeed } from "../store/source-feed.ts";
import { View } from "../store/view.ts";

/** A screen is told at most this often; the first change after a pause at once. */
const statusEveryMs = 50;
/** Lines that come seconds late need not be told within a frame: a flood leaves the machine little time to draw them. */
const behindEveryMs = 125;
/** The first lines come in a few pieces, which are told as they come. */
const firstEveryMs = 20;
/** While lines are behind, their state changes without any line. */
const restlessMs = 1000;

/** A view as the worker keeps it: takes in lines from time to time, tells of it, and has one search. */
export class ViewHost {
  readonly view: View;
  readonly runner = new RegexRunner();
  readonly #bell = new Bell();
  #session: SearchSession | undefined;
  #stopSearch = new AbortController();
  #dirty = false;

  constructor(specs: readonly LogSourceSpec[], arenas: Arenas) {
    this.view = new View(specs, arenas);
    this.view.onChange = () => this.#bell.ring();
  }

  /** Errors: not_found. */
  feed(source: number): SourceFeed {
    const feed = this.view.feeds.get(source);
    if (!feed) throw new AppError("not_found", "This source is no longer part of the view.");
    return feed;
  }

  /** Lines or states have changed. */
  touch(): void {
    this.#dirty = true;
    this.#bell.ring();
  }

  /** Takes in what has come; every answer about the view begins with it. */
  settle(): void {
    if (!this.#dirty) return;
    this.#dirty = false;
    this.view.refresh();
    this.#session?.ring();
  }

  async *status(signal: AbortSignal, around: () => Pick<LogStatus, "memory" | "kept">): AsyncGenerator<LogStatus> {
    for (;;) {
      this.settle();
      const status = { ...this.view.takeStatus(), ...around() };
      const isBehind = status.sources.some(({ behindMs }) => behindMs > 0);
      yield status;
      const everyMs = pauseAfter(status, isBehind);
      if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
      await this.#bell.wait(signal, isBehind ? restlessMs : undefined);
      if (signal.aborted) return;
    }
  }

  async *search(query: LogQuery, signal: AbortSignal): AsyncGenerator<LogSearchItem> {
    const search = new Search(query, this.runner);
    this.#stopSearch.abort();
    const stop = new AbortController();
    this.#stopSearch = stop;
    this.settle();
    this.view.search = search;
    const session = new SearchSession(this.view, search);
    this.#session = session;
    if (this.view.filter.onlyMatches) this.view.reshow();
    else this.view.matches.rebuild(this.view);
    try {
      yield* session.items(AbortSignal.any([signal, stop.signal]));
      // A search that was stopped keeps what it found until the screen leaves it.
      if (!signal.aborted && !stop.signal.aborted) await aborted(AbortSignal.any([signal, stop.signal]));
    } finally {
      if (this.#session === session) this.#clearSearch();
    }
  }

  close(): void {
    this.#stopSearch.abort();
    this.runner.close();
    this.view.close();
  }

  #clearSearch(): void {
    this.#session = undefined;
    this.view.search = undefined;
    if (this.view.filter.onlyMatches) this.view.reshow();
    else this.view.matches.rebuild(this.view);
    this.#bell.ring();
  }
}

function pauseAfter({ sources }: Pick<LogStatus, "sources">, isBehind: boolean): number {
  if (sources.every(({ lines }) => lines === 0)) return 0;
  if (sources.some(({ state }) => state === "reading")) return firstEveryMs;
  return isBehind ? behindEveryMs : statusEveryMs;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

import { isCancelled, type LogQuery, type LogSearchItem, toAppError } from "#contract";
import { client } from "../../../lib/client.ts";
import { reportError } from "../../../lib/notify.ts";
import type { LogStore, SearchState } from "./log-state.ts";
import { noSearch } from "./log-state.ts";
import type { LogWindow } from "./log-window.ts";
import { keyOf } from "./row.ts";

interface SearchTarget {
  readonly store: LogStore;
  readonly window: LogWindow;
  readonly view: () => string | undefined;
}

/** The one search of a view: a new query ends the one before. */
export class SearchControl {
  readonly #target: SearchTarget;
  #running: AbortController | undefined;
  /** The row that `next` and `previous` go on from. */
  #current: { epoch: number; position: number } | undefined;

  constructor(target: SearchTarget) {
    this.#target = target;
  }

  set(query: LogQuery | undefined): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#current = undefined;
    const before = this.#target.store.getState().search;
    // Counts stay until the new ones are there, so that they do not flicker at each key.
    this.#change({ ...(query ? before : noSearch), query, stopped: undefined, invalid: undefined, ordinal: undefined });
    if (query) this.restart();
    else this.#target.window.refresh();
  }

  /** Searches again in a view that was opened anew. */
  restart(): void {
    const { query } = this.#target.store.getState().search;
    const view = this.#target.view();
    if (!query || view === undefined) return;
    this.#running?.abort();
    const stop = new AbortController();
    this.#running = stop;
    void this.#run(view, query, stop.signal);
  }

  /** Goes to the nearest match, round the ends. */
  async step(direction: "next" | "previous"): Promise<void> {
    const { window, store } = this.#target;
    const view = this.#target.view();
    if (view === undefined || !store.getState().search.query) return;
    const { first, end } = window.rows;
    const isSame = this.#current?.epoch === window.epoch;
    const start = direction === "next" ? window.topPosition - 1 : Math.min(end, window.topPosition + 1);
    // What follows the newest line is best looked for backwards from there.
    const begin = window.following && direction === "previous" ? end : start;
    const from = isSame && this.#current ? this.#current.position : Math.max(first - 1, begin);
    try {
      const { found, total } = await client.logs.match({ view, from, direction });
      this.#change({ matches: total, ordinal: found?.ordinal });
      if (!found) return;
      this.#current = found;
      window.goTo(found);
      await this.#mark(view, found.position);
    } catch (error) {
      reportError(error);
    }
  }

  close(): void {
    this.#running?.abort();
  }

  async #mark(view: string, position: number): Promise<void> {
    const rows = await client.logs.rows({ view, from: position, count: 1 });
    const [source, line] = [rows.sources[0], rows.lines[0]];
    if (source === undefined || line === undefined || rows.from !== position) return;
    this.#target.store.setState({ active: { key: keyOf({ source, line }), position } });
  }

  #change(change: Partial<SearchState>): void {
    this.#target.store.setState(({ search }) => ({ search: { ...search, ...change } }));
  }

  async #run(view: string, query: LogQuery, signal: AbortSignal): Promise<void> {
    try {
      let shown = false;
      for await (const item of client.logs.search({ view, query }, { signal })) {
        if (signal.aborted) return;
        this.#take(item);
        const isDone = item.kind === "stopped" || item.done;
        if (!shown || isDone) this.#target.window.refresh();
        shown = true;
      }
    } catch (error) {
      if (isCancelled(error) || signal.aborted) return;
      const { code, message, data } = toAppError(error);
      const position = typeof data?.position === "number" ? data.position : undefined;
      const reason = typeof data?.reason === "string" ? data.reason : message;
      // A view that is gone takes its search with it; the next one searches again.
      if (code !== "bad_request") return;
      this.#change({ matches: 0, done: true, scanned: 1, invalid: { reason, position } });
      this.#target.window.refresh();
    }
  }

  #take(item: LogSearchItem): void {
    if (item.kind === "stopped") {
      this.#change({ matches: item.matches, done: true, scanned: 1, stopped: item.message });
    } else {
      const scanned = item.totalLines === 0 ? 1 : item.scannedLines / item.totalLines;
      this.#change({ matches: item.matches, done: item.done, scanned, invalid: undefined });
    }
  }
}

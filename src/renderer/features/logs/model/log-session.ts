import {
  isCancelled,
  type LogFilter,
  type LogLineId,
  type LogQuery,
  type LogSourceSpec,
  type LogStatus,
  noLogFilter,
} from "#contract";
import { client } from "../../../lib/client.ts";
import { follow } from "../../../lib/follow.ts";
import { reportError } from "../../../lib/notify.ts";
import { createLogStore, type LogStore } from "./log-state.ts";
import { LogWindow } from "./log-window.ts";
import { decodeLine, keyOf, type LineKey, type LogRow } from "./row.ts";
import { SearchControl } from "./search-control.ts";

function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

/** Enough for any window; the engine has these at hand in a moment. */
const firstTail = 1000;

function sameFilter(one: LogFilter, other: LogFilter): boolean {
  const text = (filter: LogFilter): string =>
    JSON.stringify(Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1)));
  return text(one) === text(other);
}

/** An open log view: keeps it open over a lost link, and does what the screen asks for. */
export class LogSession {
  readonly store: LogStore = createLogStore();
  readonly window: LogWindow;
  readonly search: SearchControl;
  #sources: readonly LogSourceSpec[];
  #view: string | undefined;
  #loading: AbortController | undefined;
  #anchor: LogLineId | undefined;
  /** Time of the line that was in sight when the link was lost. */
  #resumeAt: number | undefined;
  readonly #closed = new AbortController();

  constructor(sources: readonly LogSourceSpec[], filter: LogFilter) {
    this.#sources = sources;
    this.store.setState({ filter });
    this.window = new LogWindow({
      rows: (from, count) => client.logs.rows({ view: this.#id(), from, count }),
      locate: (id) => client.logs.locate({ view: this.#id(), id }),
      nearTop: () => void this.older(),
    });
    this.search = new SearchControl({ store: this.store, window: this.window, view: () => this.#view });
  }

  /** The view's id while it is open. */
  get view(): string | undefined {
    return this.#view;
  }

  /** Opens it until the returned function is called. */
  open(): () => void {
    void follow(
      (options) => client.logs.view({ sources: [...this.#sources], follow: true, tail: firstTail }, options),
      {
        signal: this.#closed.signal,
        onItem: (item) => (item.kind === "opened" ? this.#opened(item.view) : this.#take(item)),
        onError: (error) => this.store.setState({ error }),
      },
    );
    return () => {
      this.#closed.abort();
      this.#loading?.abort();
      this.search.close();
      this.window.close();
    };
  }

  /** Shows other containers; those that stay keep their lines. */
  setSources(sources: readonly LogSourceSpec[]): void {
    if (JSON.stringify(sources) === JSON.stringify(this.#sources)) return;
    this.#sources = sources;
    void this.#ask((view) => client.logs.setSources({ view, sources: [...sources] }));
  }

  /** Shows other lines. The one that `showInContext` named, or else the first in sight, stays in sight. */
  setFilter(filter: LogFilter): void {
    if (sameFilter(filter, this.store.getState().filter)) return;
    const anchor = this.#anchor;
    this.#anchor = undefined;
    this.store.setState({ filter });
    void this.#ask(async (view) => {
      const place = await client.logs.filter({ view, filter, ...(anchor ? { anchor } : {}) });
      if (anchor) this.window.goTo(place);
    });
  }

  /** The next filter is to show this line among its neighbours. */
  showInContext(row: LogRow): void {
    const { source, line } = row;
    this.#anchor = { source, line };
    this.store.setState({ active: { key: keyOf(row), position: Number.NaN } });
  }

  setSearch(query: LogQuery | undefined): void {
    this.search.set(query);
  }

  async older(): Promise<void> {
    const { isReadingOlder, load, status } = this.store.getState();
    if (isReadingOlder || load || !status || status.sources.every(({ complete }) => complete)) return;
    this.store.setState({ isReadingOlder: true });
    await this.#ask((view) => client.logs.older({ view }, { signal: this.#closed.signal }));
    this.store.setState({ isReadingOlder: false });
  }

  /** Reads all there is; a second call stops the first. */
  async loadAll(): Promise<void> {
    if (this.#loading) return;
    const stop = new AbortController();
    this.#loading = stop;
    await this.#ask(async (view) => {
      for await (const load of client.logs.load({ view }, { signal: stop.signal })) this.store.setState({ load });
    });
    this.#loading = undefined;
    this.store.setState({ load: undefined });
  }

  stopLoading(): void {
    this.#loading?.abort();
  }

  /** Goes to the first line at or after a time, reading further back where it is older than what is there. */
  async seek(time: number): Promise<void> {
    await this.#ask(async (view) => {
      while (this.#oldestAt() > time) {
        const { more, addedLines } = await client.logs.older({ view }, { signal: this.#closed.signal });
        if (!more || addedLines === 0) break;
        await this.#nextStatus();
      }
      this.window.goTo(await client.logs.seek({ view, time }));
    });
  }

  setCleared(isCleared: boolean): void {
    this.store.setState({ isCleared });
    this.window.follow();
    void this.#ask((view) => client.logs.clear({ view, cleared: isCleared }));
  }

  toggleFold(row: LogRow): void {
    const key = keyOf(row);
    const folded = this.store.getState().unfolded.has(key);
    this.store.setState(({ unfolded }) => ({ unfolded: toggled(unfolded, key) }));
    this.window.release();
    void this.#ask((view) => client.logs.fold({ view, id: { source: row.source, line: row.line }, folded }));
  }

  toggleOpened(key: LineKey): void {
    this.window.release();
    this.store.setState(({ opened }) => ({ opened: toggled(opened, key) }));
  }

  /** Gets the whole of a line that is cut in the list. */
  async showWhole(row: LogRow): Promise<void> {
    this.window.release();
    await this.#ask(async (view) => {
      const { bytes } = await client.logs.line({ view, id: { source: row.source, line: row.line } });
      this.store.setState(({ whole }) => ({ whole: new Map(whole).set(keyOf(row), decodeLine(bytes)) }));
    });
  }

  #id(): string {
    return this.#view ?? "";
  }

  #oldestAt(): number {
    const times = (this.store.getState().status?.sources ?? []).flatMap(({ complete, oldestAt }) =>
      complete || oldestAt === undefined ? [] : oldestAt,
    );
    return Math.max(Number.NEGATIVE_INFINITY, ...times);
  }

  #nextStatus(): Promise<void> {
    return new Promise((resolve) => {
      const unsubscribe = this.store.subscribe(({ status }, before) => {
        if (status === before.status) return;
        unsubscribe();
        resolve();
      });
    });
  }

  #opened(view: string): void {
    this.#view = view;
    const top = this.window.following ? undefined : this.window.row(this.window.topPosition);
    this.#resumeAt = top?.time;
    this.window.reset();
    this.store.setState({
      error: undefined,
      whole: new Map(),
      opened: new Set(),
      unfolded: new Set(),
      active: undefined,
    });
    const { filter } = this.store.getState();
    if (JSON.stringify(filter) !== JSON.stringify(noLogFilter))
      void this.#ask((id) => client.logs.filter({ view: id, filter }));
    this.search.restart();
  }

  #take(status: LogStatus): void {
    this.store.setState({ status });
    this.window.setStatus(status);
    const time = this.#resumeAt;
    if (time === undefined || status.count === 0) return;
    this.#resumeAt = undefined;
    void this.seek(time);
  }

  /** Runs a request on the open view; a failure is said, unless the view is gone. */
  async #ask(request: (view: string) => Promise<unknown>): Promise<void> {
    const view = this.#view;
    if (view === undefined) return;
    try {
      await request(view);
    } catch (error) {
      if (!isCancelled(error) && !this.#closed.signal.aborted && this.#view === view) reportError(error);
    }
  }
}

import { isDeepStrictEqual } from "node:util";
import { type AppError, toAppError } from "#contract/errors.ts";
import { Bell } from "../bell.ts";
import type { EngineConnection } from "./connection.ts";
import type { EngineEvent, EventType } from "./events.ts";
import type { Session } from "./session.ts";

/** Changes within this time are fetched together. */
const coalesceMs = 100;
/** The first event after a quiet time waits this long only: its companions arrive within it. */
const firstEventMs = 10;
/** Events can be lost; a list this often finds what they did not tell. */
const reconcileMs = 60_000;
/** As many ids as the address of a request may well hold. */
const maxIdsPerFetch = 100;
/** Above this, one new list shows them sooner. */
const maxIdsOneByOne = 500;
const retryListMs = 1_000;
/** As long as a page needs to load. */
const expectMs = 5_000;

/** Objects that the engine listed; `skipped` counts those whose description could not be read. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly skipped: number;
  /** Ids whose state the engine was still changing: they, or the whole list, are fetched again. */
  readonly again?: readonly string[];
}

/** How one kind of object is listed and kept current. */
export interface ListSource<T> {
  readonly eventTypes: readonly EventType[];
  readonly idOf: (item: T) => string;
  /** Ids whose objects an event may have changed; `all` where only a new list can tell. */
  readonly touchedBy: (event: EngineEvent) => readonly string[] | "all";
  readonly list: (session: Session, signal: AbortSignal) => Promise<Listing<T>>;
  /** Those of `ids` that exist; without it, every change lists anew. */
  readonly fetch?: (session: Session, ids: readonly string[], signal: AbortSignal) => Promise<Listing<T>>;
}

export type ListUpdate<T> =
  | { kind: "snapshot"; items: T[]; skipped: number }
  | { kind: "change"; upserts: T[]; removed: string[] };

type Connection = Pick<EngineConnection, "whenConnected">;

/** What one watcher has not seen yet. It holds ids, not items, so a slow one costs no memory and sees the latest. */
class Watcher {
  readonly bell = new Bell();
  failure: AppError | undefined;
  #dirty: Set<string> | "all" = new Set();

  markAll(): void {
    this.#dirty = "all";
    this.bell.ring();
  }

  mark(ids: readonly string[]): void {
    if (this.#dirty !== "all") for (const id of ids) this.#dirty.add(id);
    this.bell.ring();
  }

  fail(error: AppError): void {
    this.failure = error;
    this.bell.ring();
  }

  take(): Set<string> | "all" {
    const dirty = this.#dirty;
    this.#dirty = new Set();
    return dirty;
  }
}

/** Changes that events told of and that are not fetched yet. */
class Changes {
  readonly bell = new Bell();
  #ids: Set<string> | "all" = new Set();
  #crowdListed = false;

  add(touched: readonly string[] | "all"): void {
    if (touched === "all") this.#ids = "all";
    else if (touched.length === 0) return;
    else if (this.#ids !== "all") for (const id of touched) this.#ids.add(id);
    this.bell.ring();
  }

  /**
   * The changes of one round; what does not fit into it stays for the next. A crowd is listed as a whole first, which
   * shows nearly all of it at once, and then one by one, which is exact.
   */
  take(): readonly string[] | "all" {
    if (this.#ids === "all") {
      this.#ids = new Set();
      return "all";
    }
    if (this.#ids.size > maxIdsOneByOne && !this.#crowdListed) {
      this.#crowdListed = true;
      return "all";
    }
    if (this.#ids.size === 0) this.#crowdListed = false;
    const ids = [...this.#ids].slice(0, maxIdsPerFetch);
    for (const id of ids) this.#ids.delete(id);
    return ids;
  }
}

/**
 * A list of the engine's objects, kept current by its events for any number of watchers. It runs only while someone
 * watches or is about to; it lists once a connection, and then once a minute for what events may have missed.
 */
export class LiveList<T> {
  readonly #connection: Connection;
  readonly #source: ListSource<T>;
  readonly #watchers = new Set<Watcher>();
  #items = new Map<string, T>();
  #skipped = 0;
  #listed = false;
  #running: AbortController | undefined;
  #expecting: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection, source: ListSource<T>) {
    this.#connection = connection;
    this.#source = source;
  }

  /** Fetches the list ahead of a watcher that should come within moments, or keeps it for one. */
  warmUp(): void {
    this.#start();
    clearTimeout(this.#expecting);
    this.#expecting = setTimeout(() => {
      this.#expecting = undefined;
      this.#stopUnwatched();
    }, expectMs).unref();
  }

  /** A snapshot, then changes; another snapshot follows a reconnect. Ends at the abort. Errors: as of the list. */
  async *watch(signal: AbortSignal): AsyncGenerator<ListUpdate<T>> {
    const watcher = new Watcher();
    this.#watchers.add(watcher);
    if (this.#listed) watcher.markAll();
    this.#start();
    try {
      while (await watcher.bell.wait(signal)) {
        if (signal.aborted) return;
        if (watcher.failure) throw watcher.failure;
        yield this.#updateOf(watcher.take());
      }
    } finally {
      this.#watchers.delete(watcher);
      this.#stopUnwatched();
    }
  }

  #stopUnwatched(): void {
    if (this.#watchers.size === 0 && this.#expecting === undefined) this.#stop();
  }

  #updateOf(dirty: Set<string> | "all"): ListUpdate<T> {
    if (dirty === "all") return { kind: "snapshot", items: [...this.#items.values()], skipped: this.#skipped };
    const upserts: T[] = [];
    const removed: string[] = [];
    for (const id of dirty) {
      const item = this.#items.get(id);
      if (item === undefined) removed.push(id);
      else upserts.push(item);
    }
    return { kind: "change", upserts, removed };
  }

  #start(): void {
    if (this.#running) return;
    const running = new AbortController();
    this.#running = running;
    void this.#run(running.signal).catch((error: unknown) => this.#fail(toAppError(error), running));
  }

  #stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#items = new Map();
    this.#listed = false;
  }

  /** A list that cannot be read ends its watchers with the reason; the next watcher starts anew. */
  #fail(error: AppError, running: AbortController): void {
    if (this.#running !== running) return;
    const watchers = [...this.#watchers];
    this.#stop();
    for (const watcher of watchers) watcher.fail(error);
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // What a lost connection told is left to those who saw it; the next one may lead to another engine.
      this.#listed = false;
      const session = await this.#connection.whenConnected(signal);
      if (!session) return;
      await this.#followSession(session, AbortSignal.any([signal, session.signal])).catch(async (error: unknown) => {
        const failure = toAppError(error);
        if (signal.aborted || session.signal.aborted) return;
        // A slow engine is told of by the engine's state; the list goes on when it recovers.
        if (failure.code !== "timeout") throw failure;
        await new Bell().wait(signal, retryListMs);
      });
    }
  }

  /** Listens first and lists then, so that nothing between the two is lost. */
  async #followSession(session: Session, signal: AbortSignal): Promise<void> {
    const changes = new Changes();
    const unsubscribe = session.events.subscribe({
      types: this.#source.eventTypes,
      onEvent: (event) => changes.add(this.#source.touchedBy(event)),
      onGap: () => changes.add("all"),
    });
    try {
      await this.#relist(session, signal);
      let reconcileAt = performance.now() + reconcileMs;
      while (!signal.aborted) {
        const rung = await changes.bell.wait(signal, Math.max(0, reconcileAt - performance.now()));
        if (signal.aborted) return;
        if (rung) await this.#settle(session, changes, signal);
        if (performance.now() < reconcileAt) continue;
        await this.#relist(session, signal);
        reconcileAt = performance.now() + reconcileMs;
      }
    } finally {
      unsubscribe();
    }
  }

  /** Fetches what changed, and again after the coalescing time for as long as more changes. */
  async #settle(session: Session, changes: Changes, signal: AbortSignal): Promise<void> {
    await new Bell().wait(signal, firstEventMs);
    for (let ids = changes.take(); ids === "all" || ids.length > 0; ids = changes.take()) {
      const fetchedAt = performance.now();
      changes.add(await this.#refresh(session, ids, signal));
      await new Bell().wait(signal, Math.max(0, coalesceMs - (performance.now() - fetchedAt)));
      if (signal.aborted) return;
    }
  }

  /** Gives what must be fetched again. */
  async #refresh(
    session: Session,
    ids: readonly string[] | "all",
    signal: AbortSignal,
  ): Promise<readonly string[] | "all"> {
    const { fetch, idOf } = this.#source;
    if (ids === "all" || !fetch) return (await this.#relist(session, signal)) ? "all" : [];
    const { items, again = [] } = await fetch(session, ids, signal);
    const found = new Map(items.map((item) => [idOf(item), item]));
    const changed = ids.filter((id) => !isDeepStrictEqual(found.get(id), this.#items.get(id)));
    for (const id of changed) {
      const item = found.get(id);
      if (item === undefined) this.#items.delete(id);
      else this.#items.set(id, item);
    }
    if (changed.length > 0) for (const watcher of this.#watchers) watcher.mark(changed);
    return again;
  }

  /** Gives true where the engine was still changing something. */
  async #relist(session: Session, signal: AbortSignal): Promise<boolean> {
    const { items, skipped, again = [] } = await this.#source.list(session, signal);
    if (signal.aborted) return false;
    const fresh = new Map(items.map((item) => [this.#source.idOf(item), item]));
    const same = this.#listed && skipped === this.#skipped && isDeepStrictEqual(fresh, this.#items);
    this.#items = fresh;
    this.#skipped = skipped;
    this.#listed = true;
    if (!same) for (const watcher of this.#watchers) watcher.markAll();
    return again.length > 0;
  }
}

import type { LogFilter } from "#contract/log-filter.ts";
import { noLogFilter } from "#contract/log-filter.ts";
import type { LogLineId, LogSourceSpec, LogStatus } from "#contract/log-view.ts";
import type { Arenas } from "./arena.ts";
import { type BaseOrder, MergedOrder, SingleOrder } from "./base-order.ts";
import type { LineStore } from "./line-store.ts";
import { MatchList } from "./match-list.ts";
import type { Search } from "./search.ts";
import { type ShownContext, ShownOrder } from "./shown-order.ts";
import { SourceFeed } from "./source-feed.ts";

/** The order as a screen sees it. */
export interface ViewPlace {
  readonly epoch: number;
  readonly position: number;
}

/** Several sources in one order, filtered, with what changed since the screen was last told. */
export class View {
  readonly feeds = new Map<number, SourceFeed>();
  filter: LogFilter = noLogFilter;
  search: Search | undefined;
  epoch = 0;
  /** Rows that the search matches. */
  readonly matches = new MatchList();
  /** Called whenever the screen has something to learn. */
  onChange: () => void = () => {};
  readonly #arenas: Arenas;
  readonly #unfolded = new Set<string>();
  readonly #clearedBefore = new Map<number, number>();
  #base: BaseOrder;
  #shown: ShownOrder;
  #changedFrom = Number.POSITIVE_INFINITY;
  #changedBefore = Number.NEGATIVE_INFINITY;

  constructor(specs: readonly LogSourceSpec[], arenas: Arenas) {
    this.#arenas = arenas;
    this.setSources(specs);
    this.#base = this.#buildBase();
    this.#shown = new ShownOrder(this.#base, this.context());
  }

  get stores(): ReadonlyMap<number, LineStore> {
    return new Map([...this.feeds].map(([index, feed]) => [index, feed.store]));
  }

  get base(): BaseOrder {
    return this.#base;
  }

  get shown(): ShownOrder {
    return this.#shown;
  }

  /** Adds what is new and closes what is no longer wanted; returns the feeds that are to be filled. */
  setSources(specs: readonly LogSourceSpec[]): SourceFeed[] {
    const key = (spec: LogSourceSpec): string => (spec.kind === "container" ? `c:${spec.id}` : `p:${spec.name}`);
    const wanted = new Set(specs.map(key));
    for (const [index, feed] of this.feeds) {
      if (wanted.delete(key(feed.spec))) continue;
      feed.close();
      this.feeds.delete(index);
    }
    const added = specs.filter((spec) => wanted.delete(key(spec)));
    const feeds = added.map((spec) => new SourceFeed(this.#nextIndex++, spec, this.#arenas));
    for (const feed of feeds) this.feeds.set(feed.index, feed);
    return feeds;
  }

  #nextIndex = 0;

  /** Takes in what the feeds have got since. */
  refresh(): void {
    if (this.#base instanceof MergedOrder && this.#base.isStale) {
      this.rebuild();
      return;
    }
    // First, because filter-only mode asks for the matches of the new lines.
    if (this.search?.isLiteral) this.#scanNew(this.search);
    const change = this.#shown.follow(this.#base.refresh());
    this.matches.follow(this, change);
    this.#changedFrom = Math.min(this.#changedFrom, change.from);
    this.#changedBefore = Math.max(this.#changedBefore, change.before);
  }

  /** Orders everything anew, under a new epoch. */
  rebuild(): void {
    this.#base = this.#buildBase();
    this.reshow();
  }

  /** Applies filter, search, folding and clearing anew, under a new epoch. */
  reshow(): void {
    this.epoch += 1;
    this.#shown = new ShownOrder(this.#base, this.context());
    this.matches.rebuild(this);
    this.#changedFrom = Number.POSITIVE_INFINITY;
    this.#changedBefore = Number.NEGATIVE_INFINITY;
    this.onChange();
  }

  setFolded({ source, line }: LogLineId, folded: boolean): void {
    if (folded) this.#unfolded.delete(`${source}:${line}`);
    else this.#unfolded.add(`${source}:${line}`);
    this.reshow();
  }

  setCleared(cleared: boolean): void {
    this.#clearedBefore.clear();
    if (cleared) for (const [index, { store }] of this.feeds) this.#clearedBefore.set(index, store.end);
    this.reshow();
  }

  /** Where a line is shown, or the next one that is. */
  locate({ source, line }: LogLineId): ViewPlace {
    const position = this.#shown.rowAtBase(this.#base.positionOf(source, line));
    return { epoch: this.epoch, position };
  }

  seek(timeAt: number): ViewPlace {
    return { epoch: this.epoch, position: this.#shown.rowAtBase(this.#base.positionAtTime(timeAt)) };
  }

  /** What a screen is told; what changed is told once. */
  takeStatus(): Pick<LogStatus, "kind" | "epoch" | "first" | "count" | "changedFrom" | "changedBefore" | "sources"> {
    const { first, end } = this.#shown;
    const [from, before] = [this.#changedFrom, this.#changedBefore];
    this.#changedFrom = Number.POSITIVE_INFINITY;
    this.#changedBefore = Number.NEGATIVE_INFINITY;
    return {
      kind: "status",
      epoch: this.epoch,
      first,
      count: end - first,
      ...(from < end ? { changedFrom: from } : {}),
      ...(before > first ? { changedBefore: before } : {}),
      sources: [...this.feeds.values()].map((feed) => feed.status()),
    };
  }

  close(): void {
    for (const feed of this.feeds.values()) feed.close();
    this.feeds.clear();
  }

  /** Literal searches follow live lines at once; others when their scan comes round. */
  #scanNew(search: Search): void {
    for (const { store } of this.feeds.values()) {
      for (let at = store.blocks.length - 1; at >= 0; at -= 1) {
        const block = store.blocks[at];
        if (!block || (at < store.blocks.length - 1 && search.bits.scanned(block) === block.count)) break;
        search.scanLiteral(block);
      }
    }
  }

  #buildBase(): BaseOrder {
    const members = [...this.feeds.values()];
    const [only] = members;
    return members.length === 1 && only ? new SingleOrder(only) : new MergedOrder(members);
  }

  context(): ShownContext {
    return {
      filter: this.filter,
      stores: this.stores,
      bits: this.search?.bits,
      unfolded: this.#unfolded,
      clearedBefore: this.#clearedBefore,
    };
  }
}

import { isCancelled } from "#contract";
import {
  type Anchor,
  anchorAt,
  bottomAnchor,
  type Frame,
  isAtBottom,
  moveBy,
  nudge,
  padPx,
  type RowRange,
  reveal,
  type Scale,
  scrollTopOf,
  settle,
  spacerPx,
} from "./geometry.ts";
import { decodeRows, type LogRow } from "./row.ts";
import { RowCache } from "./row-cache.ts";
import { RowHeights } from "./row-heights.ts";
import type { OrderStatus, Placed, RowSource, WindowView } from "./window-view.ts";

const rowPx = 18;
/** Drawn above and below the window, so that a small scroll shows no gap. */
const overscanRows = 6;
/** Read around what is drawn. */
const marginRows = 60;
/** Rows that have not come are waited for this long before their places are shown empty. */
const patienceMs = 80;
const nearTopRows = 300;
/** The scrollbar counts as dragged for so long after its last move. */
const dragMs = 250;

const nowhere: WindowView = { epoch: -1, rows: { first: 0, end: 0 }, from: 0, list: [], following: true, newRows: 0 };

/**
 * A window of some fifty rows over any number of them. Holds its place while rows come and go before and behind it,
 * or follows the newest; reads what it shows, one request at a time, and shows nothing half read.
 */
export class LogWindow {
  readonly #source: RowSource;
  readonly #cache = new RowCache();
  readonly #heights = new RowHeights(rowPx);
  readonly #listeners = new Set<() => void>();
  #status: OrderStatus | undefined;
  #epoch = -1;
  #rows: RowRange = { first: 0, end: 0 };
  #anchor: Anchor = { position: 0, offset: padPx };
  #heightPx = 0;
  #following = true;
  #releasedAt = 0;
  #view: WindowView = nowhere;
  #wanted: { epoch: number; position: number } | undefined;
  #running = false;
  #again = false;
  /** Which rows changed while a request was on its way. */
  #told: ((position: number) => boolean)[] = [];
  #patience: ReturnType<typeof setTimeout> | undefined;
  #barMovedAt = Number.NEGATIVE_INFINITY;
  #scrollTop = 0;
  #closed = false;

  constructor(source: RowSource) {
    this.#source = source;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly view = (): WindowView => this.#view;

  get following(): boolean {
    return this.#following;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** The first row that is in sight. */
  get topPosition(): number {
    return this.#anchor.position;
  }

  row(position: number): LogRow | undefined {
    return this.#cache.get(position);
  }

  get rows(): RowRange {
    return this.#rows;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#patience);
  }

  /** A new view is opened: nothing of the old one's numbers holds. What is drawn stays until its first rows are there. */
  reset(): void {
    this.#status = undefined;
    this.#epoch = -1;
    this.#following = true;
    this.#wanted = undefined;
  }

  /** A status of the view has come. */
  setStatus(status: OrderStatus): void {
    const { epoch, changedFrom, changedBefore } = status;
    if (epoch !== this.#status?.epoch) this.#told = [];
    this.#status = status;
    const isStale = (position: number): boolean =>
      position >= (changedFrom ?? Number.POSITIVE_INFINITY) || position < (changedBefore ?? Number.NEGATIVE_INFINITY);
    // What is being read just now may be from before the change.
    if (this.#running) this.#told.push(isStale);
    if (epoch === this.#epoch) {
      this.#cache.markStale(isStale);
      if (!this.#following) this.#adopt(status);
    }
    this.#kick();
  }

  /** Rows are to be read again, for example because the search marks others; positions stay. */
  refresh(): void {
    this.#cache.markStale(() => true);
    this.#kick();
  }

  /** `columns`: characters a line, without end where lines are not wrapped. */
  resize(heightPx: number, columns: number): void {
    if (columns !== this.#heights.columns) {
      this.#heights.columns = columns;
      this.#heights.clear();
      this.#heights.settleMean();
    }
    this.#heightPx = heightPx;
    this.#emit();
    this.#kick();
  }

  scrollBy(deltaPx: number): void {
    const before = this.#anchor;
    this.#anchor = moveBy(this.#anchor, deltaPx, this.#frame());
    if (deltaPx < 0 && before !== this.#anchor) this.#release();
    else if (deltaPx > 0 && isAtBottom(this.#anchor, this.#frame())) this.#following = true;
    this.#moved();
  }

  scrollPages(pages: number): void {
    this.scrollBy(pages * (this.#heightPx - 2 * rowPx));
  }

  scrollRows(rows: number): void {
    this.scrollBy(rows * rowPx);
  }

  /** The scrollbar was moved by hand. */
  scrollBar(scrollTop: number): void {
    if (Math.abs(scrollTop - this.#scrollTop) < 1) return;
    this.#scrollTop = scrollTop;
    this.#barMovedAt = performance.now();
    this.#anchor = settle(anchorAt(scrollTop, this.#scale()), this.#frame());
    if (isAtBottom(this.#anchor, this.#frame())) this.#following = true;
    else this.#release();
    this.#moved();
  }

  toTop(): void {
    this.#release();
    this.#anchor = settle({ position: this.#rows.first, offset: padPx }, this.#frame());
    this.#moved();
  }

  follow(): void {
    this.#following = true;
    this.#moved();
  }

  /** Stays where it is while new rows come. */
  release(): void {
    if (!this.#following) return;
    this.#release();
    this.#emit();
  }

  /** Goes to a place that a call of the view gave, also one of an epoch that is still to come. */
  goTo(place: { epoch: number; position: number }): void {
    this.#release();
    if (place.epoch === this.#epoch) {
      this.#anchor = reveal(this.#inRows(place.position), this.#anchor, this.#frame());
      this.#moved();
    } else {
      this.#wanted = place;
      this.#kick();
    }
  }

  /** Moves no farther than needed for a row to be in sight. */
  nudgeTo(position: number): void {
    const next = nudge(this.#inRows(position), this.#anchor, this.#frame());
    if (next.position < this.#anchor.position || next.offset > this.#anchor.offset) this.#release();
    this.#anchor = next;
    this.#moved();
  }

  /** Takes the heights of what was drawn and says where it belongs. */
  place(heights: readonly number[]): Placed {
    const { from } = this.#view;
    for (const [index, height] of heights.entries()) this.#heights.set(from + index, height);
    const frame = this.#frame();
    this.#anchor = this.#following ? bottomAnchor(frame) : settle(this.#anchor, frame);
    const isDragged = performance.now() - this.#barMovedAt < dragMs;
    if (!isDragged) this.#heights.settleMean();
    let translatePx = this.#anchor.offset;
    for (let at = from; at < this.#anchor.position; at += 1) translatePx -= frame.heightOf(at);
    const scale = this.#scale();
    if (isDragged) return { translatePx, spacerPx: spacerPx(scale) };
    this.#scrollTop = Math.round(scrollTopOf(this.#anchor, scale));
    return { translatePx, spacerPx: spacerPx(scale), scrollTop: this.#scrollTop };
  }

  /** True where what was drawn does not fill the window, now that heights are known. */
  get isShort(): boolean {
    const { from, to } = this.#range();
    return from < this.#view.from || to > this.#view.from + this.#view.list.length;
  }

  redraw(): void {
    this.#emit();
    this.#kick();
  }

  #frame(): Frame {
    const heightOf = (position: number): number => this.#heights.of(position, this.#cache.get(position));
    return { rows: this.#rows, heightPx: this.#heightPx, heightOf };
  }

  #scale(): Scale {
    return { rows: this.#rows, heightPx: this.#heightPx, rowPx: this.#heights.meanPx };
  }

  #inRows(position: number): number {
    return Math.max(this.#rows.first, Math.min(position, this.#rows.end - 1));
  }

  #release(): void {
    if (this.#following) this.#releasedAt = this.#rows.end;
    this.#following = false;
  }

  /** Rows that are to be drawn. */
  #range(): { from: number; to: number } {
    const { first, end } = this.#rows;
    const start = this.#following ? bottomAnchor(this.#frame()) : this.#anchor;
    let room = this.#heightPx - start.offset;
    let to = start.position;
    while (room > 0 && to < end) {
      room -= this.#heights.atLeast(to);
      to += 1;
    }
    return { from: Math.max(first, start.position - overscanRows), to: Math.min(end, to + overscanRows) };
  }

  #adopt({ first, count }: OrderStatus): void {
    if (first === this.#rows.first && first + count === this.#rows.end) return;
    this.#rows = { first, end: first + count };
    this.#anchor = settle(this.#anchor, this.#frame());
    this.#emit();
  }

  /** The window stands elsewhere: draws it once its rows are there, or after a moment without them. */
  #moved(): void {
    if (!this.#following && this.#anchor.position - this.#rows.first < nearTopRows) this.#source.nearTop();
    const { from, to } = this.#range();
    let complete = true;
    for (let at = from; at < to && complete; at += 1) complete = this.#cache.get(at) !== undefined;
    if (complete) this.#emit();
    else this.#patience ??= setTimeout(() => this.#emit(), patienceMs);
    this.#kick();
  }

  #emit(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    if (this.#closed) return;
    const { from, to } = this.#range();
    const list = Array.from({ length: Math.max(0, to - from) }, (_, index) => this.#cache.get(from + index));
    const newRows = this.#following ? 0 : Math.max(0, this.#rows.end - this.#releasedAt);
    this.#view = { epoch: this.#epoch, rows: this.#rows, from, list, following: this.#following, newRows };
    for (const listener of this.#listeners) listener();
  }

  #kick(): void {
    // Asked for while it runs, it runs once more: its last step may have ended before it knew of this.
    this.#again = true;
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        while (!this.#closed && (await this.#step()));
      }
    } catch (error) {
      // The view was closed under us, or the link is lost: the next status begins anew.
      if (!isCancelled(error)) this.#cache.markStale(() => true);
    }
    this.#running = false;
  }

  /** Reads what is wanted next; false when nothing is, or only a new status can tell. */
  async #step(): Promise<boolean> {
    const status = this.#status;
    if (!status || this.#heightPx === 0) return false;
    if (status.epoch !== this.#epoch) return this.#enter(status);
    const end = status.first + status.count;
    const isOld = end !== this.#rows.end || status.first !== this.#rows.first;
    if (isOld && this.#following) return this.#followTo(status);
    if (isOld) this.#adopt(status);
    const { from, to } = this.#range();
    const margin = this.#following ? 0 : marginRows;
    const wide = { from: Math.max(this.#rows.first, from - margin), to: Math.min(this.#rows.end, to + margin) };
    const missing = this.#cache.missing(wide.from, wide.to);
    if (!missing) return false;
    if (!(await this.#read(missing.from, missing.to))) return false;
    const stillMissing = this.#cache.missing(missing.from, missing.to);
    this.#emit();
    return !stillMissing;
  }

  /** Reads rows into the cache; false where the order has changed meanwhile. */
  async #read(from: number, to: number): Promise<boolean> {
    const epoch = this.#epoch;
    this.#told = [];
    const answer = await this.#source.rows(from, to - from);
    if (answer.epoch !== epoch || this.#epoch !== epoch) return this.#status?.epoch !== epoch;
    this.#put(decodeRows(answer));
    return true;
  }

  #put(rows: readonly LogRow[]): void {
    this.#cache.put(rows);
    for (const isStale of this.#told) this.#cache.markStale(isStale);
    this.#told = [];
  }

  async #followTo(status: OrderStatus): Promise<boolean> {
    const end = status.first + status.count;
    const visible = Math.ceil(this.#heightPx / rowPx) + overscanRows;
    const from = Math.max(status.first, end - visible);
    const missing = this.#cache.missing(from, end);
    if (missing && !(await this.#read(missing.from, missing.to))) return false;
    if (this.#status?.epoch !== this.#epoch) return true;
    if (!this.#following) return true;
    this.#rows = { first: status.first, end };
    this.#emit();
    // Rows that are not there although the status told of them: a newer status will tell better.
    return this.#cache.missing(from, end) === undefined;
  }

  /** Takes over a new order, at the place of the line that was in sight. */
  async #enter(status: OrderStatus): Promise<boolean> {
    const { epoch, first, count } = status;
    const end = first + count;
    const wanted = this.#wanted?.epoch === epoch ? this.#wanted : undefined;
    let position = wanted?.position ?? this.#anchor.position;
    const top = this.#cache.get(this.#anchor.position);
    if (!this.#following && !wanted && top && this.#epoch >= 0) {
      const place = await this.#source.locate({ source: top.source, line: top.line });
      if (place.epoch !== epoch) return this.#status?.epoch !== epoch;
      position = place.position;
    }
    const visible = Math.ceil(this.#heightPx / rowPx) + 2 * overscanRows;
    const from = Math.max(first, this.#following ? end - visible : Math.min(position, end) - visible);
    const to = Math.min(end, this.#following ? end : position + visible);
    this.#told = [];
    const answer = await this.#source.rows(from, Math.max(0, to - from));
    if (answer.epoch !== epoch) return this.#status?.epoch !== epoch;
    const newRows = Math.max(0, this.#rows.end - this.#releasedAt);
    this.#cache.clear();
    this.#heights.clear();
    this.#put(decodeRows(answer));
    this.#epoch = epoch;
    this.#rows = { first, end };
    this.#releasedAt = end - (this.#following ? 0 : newRows);
    const offset = wanted ? Math.round(this.#heightPx / 3) : this.#anchor.offset;
    this.#anchor = settle({ position, offset }, this.#frame());
    if (wanted) this.#wanted = undefined;
    this.#emit();
    return true;
  }
}

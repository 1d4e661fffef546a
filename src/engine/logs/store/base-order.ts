import { IntDeque } from "./int-deque.ts";
import { Cursor, type LineStore, timeMs } from "./line-store.ts";

/** What changed in an order since it was last asked. Positions at or behind `from`, and before `before`, are new. */
export interface OrderChange {
  from: number;
  before: number;
}

/** All lines of a view in order, addressed by position. */
export interface BaseOrder {
  readonly first: number;
  readonly end: number;
  sourceAt(position: number): number;
  lineAt(position: number): number;
  /** Where a line stands, or the next one behind it. */
  positionOf(source: number, line: number): number;
  /** The first position at or after a time. */
  positionAtTime(timeAt: number): number;
  /** Takes in what the stores have got and given up since. */
  refresh(): OrderChange;
}

/** A source that takes part, with its index in the view. */
export interface Member {
  readonly index: number;
  readonly store: LineStore;
}

/** One source: positions are line numbers. */
export class SingleOrder implements BaseOrder {
  first: number;
  end: number;
  readonly #member: Member;

  constructor(member: Member) {
    this.#member = member;
    this.first = member.store.first;
    this.end = member.store.end;
  }

  sourceAt(): number {
    return this.#member.index;
  }

  lineAt(position: number): number {
    return position;
  }

  positionOf(_source: number, line: number): number {
    return Math.min(Math.max(line, this.first), this.end);
  }

  positionAtTime(timeAt: number): number {
    return this.#member.store.lowerBound(timeAt);
  }

  refresh(): OrderChange {
    const { store } = this.#member;
    const change = { from: this.end, before: store.first < this.first ? this.first : Number.NEGATIVE_INFINITY };
    this.first = store.first;
    this.end = store.end;
    return change;
  }
}

/** A member while it is merged. */
interface Lane {
  readonly member: Member;
  readonly cursor: Cursor;
  next: number;
  /** Of the line `next`, in the order's own nanoseconds. */
  time: number;
}

/**
 * Several sources by time, to the nanosecond: a double holds nanoseconds exactly for a hundred days around an origin, but
 * only quarters of a microsecond since 1970. Each keeps its own order; of equal times the source with the lower index comes first. Late
 * lines push in near the end, so the end is merged anew from the oldest new line on.
 */
export class MergedOrder implements BaseOrder {
  readonly #originSeconds = Math.floor(Date.now() / 1000);
  readonly #members: readonly Member[];
  readonly #lines = new IntDeque();
  readonly #sources = new IntDeque();
  readonly #cursors: ReadonlyMap<number, Cursor>;
  /** Per source, the number behind the last line that is in the order, and the first one in it. */
  readonly #taken = new Map<number, number>();
  readonly #firsts = new Map<number, number>();

  constructor(members: readonly Member[]) {
    this.#members = members;
    this.#cursors = new Map(members.map((member) => [member.index, new Cursor(member.store)]));
    for (const { index, store } of members) {
      this.#taken.set(index, store.first);
      this.#firsts.set(index, store.first);
    }
    this.#mergeRest();
  }

  get first(): number {
    return this.#lines.first;
  }

  get end(): number {
    return this.#lines.end;
  }

  sourceAt(position: number): number {
    return this.#sources.at(position);
  }

  lineAt(position: number): number {
    return this.#lines.at(position);
  }

  positionOf(source: number, line: number): number {
    const cursor = this.#cursors.get(source);
    if (!cursor || cursor.store.count === 0) return this.end;
    if (line >= cursor.store.end) return this.end;
    const wanted = Math.max(line, cursor.store.first);
    // Lines of one source ascend in the order, but others lie between: walk from where its time is.
    let position = this.positionAtTime(cursor.store.timeOf(wanted));
    while (position > this.first && !this.#isBefore(position - 1, source, wanted)) position -= 1;
    while (position < this.end && this.#isBefore(position, source, wanted)) position += 1;
    return position;
  }

  positionAtTime(timeAt: number): number {
    // By milliseconds, because that is what the time of a line was asked for in: the line itself must be found by it.
    let low = this.first;
    let high = this.end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#millisecondsAt(middle) < timeAt) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  refresh(): OrderChange {
    const before = this.#dropEvicted();
    const oldest = this.#oldestNew();
    const from = oldest === undefined ? this.end : this.#unmerge(oldest);
    this.#mergeRest();
    return { from, before };
  }

  /** Whether older lines were put before a source's first: then all is to be merged anew. */
  get isStale(): boolean {
    return this.#members.some(({ index, store }) => store.first < (this.#firsts.get(index) ?? 0));
  }

  #millisecondsAt(position: number): number {
    const cursor = this.#cursors.get(this.#sources.at(position));
    if (!cursor) return 0;
    const block = cursor.seek(this.#lines.at(position));
    return timeMs({ block, index: cursor.index });
  }

  /** Nanoseconds from the origin. */
  #timeAt(position: number): number {
    const cursor = this.#cursors.get(this.#sources.at(position));
    return cursor ? this.#timeOf(cursor, this.#lines.at(position)) : 0;
  }

  /** Nanoseconds from the origin. */
  #timeOf(cursor: Cursor, line: number): number {
    const { seconds, nanos } = cursor.seek(line);
    return ((seconds[cursor.index] ?? 0) - this.#originSeconds) * 1e9 + (nanos[cursor.index] ?? 0);
  }

  #isBefore(position: number, source: number, line: number): boolean {
    if (this.#sources.at(position) === source) return this.#lines.at(position) < line;
    const cursor = this.#cursors.get(source);
    return cursor !== undefined && this.#timeAt(position) < this.#timeOf(cursor, line);
  }

  /** Takes out what the stores gave up: always old lines, so only the front is touched. */
  #dropEvicted(): number {
    let evicted = 0;
    for (const { index, store } of this.#members) {
      const known = this.#firsts.get(index) ?? store.first;
      if (store.first <= known) continue;
      evicted += Math.min(store.first, this.#taken.get(index) ?? store.first) - known;
      this.#firsts.set(index, store.first);
      this.#taken.set(index, Math.max(store.first, this.#taken.get(index) ?? 0));
    }
    if (evicted === 0) return Number.NEGATIVE_INFINITY;
    const kept: { lines: number[]; sources: number[] } = { lines: [], sources: [] };
    let position = this.first;
    for (; evicted > 0 && position < this.end; position += 1) {
      const source = this.#sources.at(position);
      const line = this.#lines.at(position);
      if (line < (this.#firsts.get(source) ?? 0)) evicted -= 1;
      else {
        kept.lines.push(line);
        kept.sources.push(source);
      }
    }
    this.#lines.replaceBefore(position, kept.lines);
    this.#sources.replaceBefore(position, kept.sources);
    return position;
  }

  #oldestNew(): number | undefined {
    let oldest: number | undefined;
    for (const { index, store } of this.#members) {
      const next = this.#taken.get(index) ?? store.first;
      if (next >= store.end) continue;
      const cursor = this.#cursors.get(index);
      if (!cursor) continue;
      const time = this.#timeOf(cursor, next);
      if (oldest === undefined || time < oldest) oldest = time;
    }
    return oldest;
  }

  /** Takes out the lines at the end that are newer than a time, to merge them again. */
  #unmerge(time: number): number {
    let position = this.end;
    while (position > this.first && this.#timeAt(position - 1) >= time) {
      position -= 1;
      this.#taken.set(this.#sources.at(position), this.#lines.at(position));
    }
    this.#lines.truncate(position);
    this.#sources.truncate(position);
    return position;
  }

  #mergeRest(): void {
    const heap = new LaneHeap();
    for (const member of this.#members) {
      const next = Math.max(this.#taken.get(member.index) ?? 0, member.store.first);
      const cursor = this.#cursors.get(member.index);
      if (!cursor || next >= member.store.end) continue;
      heap.add({ member, cursor, next, time: this.#timeOf(cursor, next) });
    }
    for (let lane = heap.top; lane; lane = heap.top) {
      this.#lines.push(lane.next);
      this.#sources.push(lane.member.index);
      lane.next += 1;
      this.#taken.set(lane.member.index, lane.next);
      if (lane.next >= lane.member.store.end) {
        heap.removeTop();
        continue;
      }
      // A clock that went back must not hold up the other sources: a line counts as late as the one before it.
      lane.time = Math.max(lane.time, this.#timeOf(lane.cursor, lane.next));
      heap.sink();
    }
  }
}

/** The lane whose next line is due on top. */
class LaneHeap {
  readonly #lanes: Lane[] = [];

  get top(): Lane | undefined {
    return this.#lanes[0];
  }

  add(lane: Lane): void {
    let at = this.#lanes.push(lane) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isDue(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  removeTop(): void {
    const last = this.#lanes.pop();
    if (!last || this.#lanes.length === 0) return;
    this.#lanes[0] = last;
    this.sink();
  }

  /** Puts the top where it belongs after it has changed. */
  sink(): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      let least = this.#isDue(left, at) ? left : at;
      if (this.#isDue(left + 1, least)) least = left + 1;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #isDue(a: number, b: number): boolean {
    const left = this.#lanes[a];
    const right = this.#lanes[b];
    if (!left || !right) return false;
    return left.time !== right.time ? left.time < right.time : left.member.index < right.member.index;
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#lanes[a], this.#lanes[b]];
    if (!left || !right) return;
    this.#lanes[a] = right;
    this.#lanes[b] = left;
  }
}

import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogFilter } from "#contract/log-filter.ts";
import { logLevels } from "#contract/log-view.ts";
import type { BaseOrder, OrderChange } from "./base-order.ts";
import { type Block, lineFlags } from "./block.ts";
import { IntDeque } from "./int-deque.ts";
import { fillLevels, levelMask, traceBit } from "./levels.ts";
import { Cursor, type LineStore, timeMs } from "./line-store.ts";
import type { MatchBits } from "./match-bits.ts";

/** What decides whether a line is shown, besides the filter. */
export interface ShownContext {
  readonly filter: LogFilter;
  readonly stores: ReadonlyMap<number, LineStore>;
  readonly bits: MatchBits | undefined;
  /** Heads of stack traces that stay open although traces are folded: `source:line`. */
  readonly unfolded: ReadonlySet<string>;
  /** Lines before these numbers, by source, were cleared away. */
  readonly clearedBefore: ReadonlyMap<number, number>;
}

/** Makes sure that a block's levels are known; the entry before it decides about a trace that crosses the border. */
export function needLevels(store: LineStore, block: Block): void {
  if (block.levelled === block.count) return;
  const at = store.blocks.indexOf(block);
  const previous = at > 0 ? store.blocks[at - 1] : undefined;
  if (previous && previous.levelled < previous.count) needLevels(store, previous);
  fillLevels(block, previous?.levels[previous.count - 1] ?? 0);
}

/** Finds the levels of all lines, a few blocks at a time: other answers go between. */
export async function levelAll(stores: Iterable<LineStore>): Promise<void> {
  for (const store of stores) {
    // A copy: blocks may come and go while others have their turn.
    const blocks = store.blocks.slice();
    for (const block of blocks) {
      if (block.levelled === block.count) continue;
      needLevels(store, block);
      await nextTurn();
    }
  }
}

/** Tells for each line of a base order whether the filter lets it through, without and with the search. */
export class LineTest {
  readonly #base: BaseOrder;
  readonly #context: ShownContext;
  readonly #cursors = new Map<number, Cursor>();
  readonly #sources: ReadonlySet<number> | undefined;
  readonly #levels: number | undefined;
  readonly #hasTimes: boolean;
  readonly #needsLevels: boolean;
  /** Set by `passes`: the line and where it is. */
  #block: Block | undefined;
  #index = 0;

  constructor(base: BaseOrder, context: ShownContext) {
    this.#base = base;
    this.#context = context;
    const { filter } = context;
    this.#sources = filter.sources && new Set(filter.sources);
    this.#levels = filter.levels?.reduce((mask, level) => mask | (1 << logLevels.indexOf(level)), 0);
    this.#hasTimes = filter.from !== undefined || filter.to !== undefined;
    this.#needsLevels = this.#levels !== undefined || filter.foldTraces;
  }

  /** All but the search. */
  passes(position: number): boolean {
    const { filter, stores, clearedBefore } = this.#context;
    const source = this.#base.sourceAt(position);
    const line = this.#base.lineAt(position);
    const cursor = this.#cursorOf(source, stores);
    if (!cursor) return false;
    const block = cursor.seek(line);
    const { index } = cursor;
    this.#block = block;
    this.#index = index;
    if (this.#sources && !this.#sources.has(source)) return false;
    if (line < (clearedBefore.get(source) ?? Number.NEGATIVE_INFINITY)) return false;
    const flags = block.flags[index] ?? 0;
    if (this.#hasTimes && !isInRange(timeMs({ block, index }), filter)) return false;
    if (flags & lineFlags.divider) return filter.dividers && !filter.onlyMatches;
    if (!(flags & lineFlags.stderr ? filter.stderr : filter.stdout)) return false;
    if (!this.#needsLevels) return true;
    if (block.levelled < block.count) needLevels(cursor.store, block);
    const entry = block.levels[index] ?? 0;
    if (this.#levels !== undefined && (this.#levels & (1 << (entry & levelMask))) === 0) return false;
    return !filter.foldTraces || (entry & traceBit) === 0 || this.#isOpen(cursor.store, source, line);
  }

  /** Of the line that `passes` was last asked about. */
  matches(): boolean {
    return this.#block !== undefined && (this.#context.bits?.has(this.#block, this.#index) ?? false);
  }

  #cursorOf(source: number, stores: ReadonlyMap<number, LineStore>): Cursor | undefined {
    const known = this.#cursors.get(source);
    if (known) return known;
    const store = stores.get(source);
    if (!store) return undefined;
    const cursor = new Cursor(store);
    this.#cursors.set(source, cursor);
    return cursor;
  }

  #isOpen(store: LineStore, source: number, line: number): boolean {
    if (this.#context.unfolded.size === 0) return false;
    return this.#context.unfolded.has(`${source}:${traceHead(store, line)}`);
  }
}

function isInRange(timeAt: number, { from, to }: LogFilter): boolean {
  return (from === undefined || timeAt >= from) && (to === undefined || timeAt < to);
}

/** The line that a stack trace's line belongs to. */
function traceHead(store: LineStore, line: number): number {
  let head = line;
  for (;;) {
    const place = store.find(head);
    if (!place || ((place.block.levels[place.index] ?? 0) & traceBit) === 0) return head;
    head -= 1;
  }
}

/** Whether a filter hides nothing, so that the base order itself can be shown. */
export function showsAll({ filter, bits, clearedBefore }: ShownContext): boolean {
  const { sources, stdout, stderr, levels, from, to, onlyMatches, dividers, foldTraces } = filter;
  if (sources || levels || from !== undefined || to !== undefined || foldTraces) return false;
  return stdout && stderr && dividers && clearedBefore.size === 0 && !(onlyMatches && bits);
}

/** The rows that are shown: positions of the base order that pass, addressed by positions of their own. */
export class ShownOrder {
  readonly #base: BaseOrder;
  readonly #test: LineTest;
  readonly #rows: IntDeque | undefined;
  readonly #only: { context: number; invert: boolean } | undefined;
  /** Rows before a match that may still be shown as its context, and how many are still to come behind one. */
  #pending: number[] = [];
  #after = 0;

  constructor(base: BaseOrder, context: ShownContext) {
    this.#base = base;
    this.#test = new LineTest(base, context);
    this.#only = context.bits ? context.filter.onlyMatches : undefined;
    if (showsAll(context)) return;
    this.#rows = new IntDeque();
    this.#extend(base.first);
  }

  get first(): number {
    return this.#rows?.first ?? this.#base.first;
  }

  get end(): number {
    return this.#rows?.end ?? this.#base.end;
  }

  /** Rows are the base order itself. */
  get isWhole(): boolean {
    return this.#rows === undefined;
  }

  /** The base position of a row. */
  baseAt(position: number): number {
    return this.#rows ? this.#rows.at(position) : position;
  }

  /** The row at a base position, or the next one. */
  rowAtBase(basePosition: number): number {
    return this.#rows ? this.#rows.lowerBound(basePosition) : Math.min(Math.max(basePosition, this.first), this.end);
  }

  /** Follows a change of the base; what changed is then in positions of rows. */
  follow(change: OrderChange): OrderChange {
    if (!this.#rows) return change;
    // What the base gave up at its front is gone here too.
    this.#rows.dropBefore(this.#rows.lowerBound(this.#base.first));
    const before = this.#followFront(this.#rows, change.before);
    const isTailKept = change.from >= (this.#scanned ?? 0);
    const from = isTailKept ? this.#rows.end : this.#rows.lowerBound(change.from);
    if (!isTailKept) {
      this.#rows.truncate(from);
      this.#pending = [];
      this.#after = 0;
    }
    this.#extend(isTailKept ? (this.#scanned ?? 0) : change.from);
    return { from, before };
  }

  /** Base positions before this were tested. */
  #scanned: number | undefined;

  /** Takes out of the front what the base gave up, and finds the others where they are now. */
  #followFront(rows: IntDeque, before: number): number {
    if (before === Number.NEGATIVE_INFINITY) return before;
    const kept: number[] = [];
    // Context rows of a filter by search stay as they were where the base is one source; its front is just shorter.
    for (let position = this.#base.first; position < before; position += 1) {
      if (this.#test.passes(position) && this.#isWanted()) kept.push(position);
    }
    const cut = rows.lowerBound(before);
    rows.replaceBefore(cut, kept);
    return cut;
  }

  #isWanted(): boolean {
    return !this.#only || this.#test.matches() !== this.#only.invert;
  }

  #extend(from: number): void {
    const rows = this.#rows;
    if (!rows) return;
    for (let position = from; position < this.#base.end; position += 1) {
      if (!this.#test.passes(position)) continue;
      if (!this.#only) rows.push(position);
      else this.#takeMatch(rows, position, this.#only);
    }
    this.#scanned = this.#base.end;
  }

  #takeMatch(rows: IntDeque, position: number, { context, invert }: { context: number; invert: boolean }): void {
    if (this.#test.matches() !== invert) {
      for (const waiting of this.#pending) rows.push(waiting);
      this.#pending = [];
      rows.push(position);
      this.#after = context;
    } else if (this.#after > 0) {
      rows.push(position);
      this.#after -= 1;
    } else if (context > 0) {
      this.#pending.push(position);
      if (this.#pending.length > context) this.#pending.shift();
    }
  }
}

import type { BaseOrder, OrderChange } from "./base-order.ts";
import type { Block } from "./block.ts";
import { IntDeque } from "./int-deque.ts";
import type { LineStore } from "./line-store.ts";
import { Cursor } from "./line-store.ts";
import type { MatchBits } from "./match-bits.ts";
import type { ShownOrder } from "./shown-order.ts";

/** What of a view the matches are found in. */
export interface Matched {
  readonly search: { readonly bits: MatchBits } | undefined;
  readonly shown: ShownOrder;
  readonly base: BaseOrder;
  readonly stores: ReadonlyMap<number, LineStore>;
}

/** Positions of the shown rows that the search matches, ascending. */
export class MatchList {
  #rows = new IntDeque();

  get count(): number {
    return this.#rows.length;
  }

  /** The n-th match. */
  at(ordinal: number): number {
    return this.#rows.at(this.#rows.first + ordinal);
  }

  /** How many matches stand before a position. */
  before(position: number): number {
    return this.#rows.lowerBound(position) - this.#rows.first;
  }

  rebuild(view: Matched): void {
    this.#rows = new IntDeque();
    if (view.search) this.#extend(view, view.shown.first);
  }

  /** Follows a change of the shown rows. */
  follow(view: Matched, change: OrderChange): void {
    if (!view.search) return;
    if (change.before !== Number.NEGATIVE_INFINITY) {
      this.rebuild(view);
      return;
    }
    this.#rows.dropBefore(this.#rows.lowerBound(view.shown.first));
    this.#rows.truncate(this.#rows.lowerBound(change.from));
    this.#extend(view, change.from);
  }

  #extend(view: Matched, from: number): void {
    const { search, shown, base, stores } = view;
    if (!search) return;
    const [only] = stores.values();
    if (only && stores.size === 1 && shown.isWhole) {
      this.#extendByBlock(search.bits, only, { from: Math.max(from, shown.first), end: shown.end });
      return;
    }
    const lanes = new Map([...stores].map(([index, store]): [number, Lane] => [index, { cursor: new Cursor(store) }]));
    for (let row = Math.max(from, shown.first); row < shown.end; row += 1) {
      const position = shown.baseAt(row);
      const lane = lanes.get(base.sourceAt(position));
      if (!lane) continue;
      const block = lane.cursor.seek(base.lineAt(position));
      if (lane.block !== block) {
        lane.block = block;
        lane.bits = search.bits.of(block);
      }
      if (lane.bits && hasBit(lane.bits, lane.cursor.index)) this.#rows.push(row);
    }
  }

  /** Rows are the lines of one source: whole bytes of lines that do not match are passed over. */
  #extendByBlock(matches: MatchBits, store: LineStore, { from, end }: { from: number; end: number }): void {
    for (const [at, block] of store.blocks.entries()) {
      const start = store.starts[at] ?? 0;
      const bits = start + block.count > from ? matches.of(block) : undefined;
      if (!bits) continue;
      const stop = Math.min(block.count, end - start);
      for (let index = Math.max(0, from - start); index < stop; index += 1) {
        if ((index & 7) === 0 && bits[index >> 3] === 0) index += 7;
        else if (hasBit(bits, index)) this.#rows.push(start + index);
      }
    }
  }
}

/** A source while its rows are gone through. */
interface Lane {
  readonly cursor: Cursor;
  block?: Block;
  bits?: Uint8Array | undefined;
}

function hasBit(bits: Uint8Array, index: number): boolean {
  return ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

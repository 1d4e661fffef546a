import type { BaseOrder, OrderChange } from "./base-order.ts";
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
    const { search, shown, base } = view;
    if (!search) return;
    const cursors = new Map([...view.stores].map(([index, store]) => [index, new Cursor(store)]));
    for (let row = Math.max(from, shown.first); row < shown.end; row += 1) {
      const position = shown.baseAt(row);
      const cursor = cursors.get(base.sourceAt(position));
      if (!cursor) continue;
      const block = cursor.seek(base.lineAt(position));
      if (search.bits.has(block, cursor.index)) this.#rows.push(row);
    }
  }
}

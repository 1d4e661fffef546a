import type { LogRow } from "./row.ts";

/** Enough for many windows; what is farthest from the newest ones goes first. */
const mostRows = 4000;

/** Rows of one epoch by position. A stale row is shown until the new one has come. */
export class RowCache {
  readonly #rows = new Map<number, LogRow>();
  readonly #stale = new Set<number>();

  get(position: number): LogRow | undefined {
    return this.#rows.get(position);
  }

  isFresh(position: number): boolean {
    return this.#rows.has(position) && !this.#stale.has(position);
  }

  put(rows: readonly LogRow[]): void {
    for (const row of rows) {
      // Deleted first, so that the order of the map is that of the last reading.
      this.#rows.delete(row.position);
      this.#rows.set(row.position, row);
      this.#stale.delete(row.position);
    }
    for (const position of this.#rows.keys()) {
      if (this.#rows.size <= mostRows) break;
      this.#rows.delete(position);
      this.#stale.delete(position);
    }
  }

  /** Rows for which it holds are to be read again. */
  markStale(holds: (position: number) => boolean): void {
    for (const position of this.#rows.keys()) if (holds(position)) this.#stale.add(position);
  }

  clear(): void {
    this.#rows.clear();
    this.#stale.clear();
  }

  /** The part of a range that is to be read, from its first to its last such row. */
  missing(from: number, to: number): { from: number; to: number } | undefined {
    let [first, last] = [to, from - 1];
    for (let position = from; position < to; position += 1) {
      if (this.isFresh(position)) continue;
      first = Math.min(first, position);
      last = position;
    }
    return last < first ? undefined : { from: first, to: last + 1 };
  }
}

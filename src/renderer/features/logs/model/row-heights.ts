import type { LogRow } from "./row.ts";

/** Heights of many windows; they are measured again whenever they are drawn. */
const mostHeights = 20_000;

/** How tall rows are: as measured, or guessed from their length. */
export class RowHeights {
  /** A line that is not wrapped. */
  readonly rowPx: number;
  /** Characters that fit beside the gutter; without end where lines are not wrapped. */
  columns = Number.POSITIVE_INFINITY;
  readonly #measured = new Map<number, number>();
  #mean: number;

  constructor(rowPx: number) {
    this.rowPx = rowPx;
    this.#mean = rowPx;
  }

  get meanPx(): number {
    return this.#mean;
  }

  of(position: number, row: LogRow | undefined): number {
    return this.#measured.get(position) ?? this.#guess(row);
  }

  /** The least that a row can take, for what was not yet measured. */
  atLeast(position: number): number {
    return this.#measured.get(position) ?? this.rowPx;
  }

  set(position: number, heightPx: number): void {
    if (this.#measured.size > mostHeights) this.#measured.clear();
    this.#measured.set(position, heightPx);
  }

  /** Takes the mean of what was measured for all rows that were not. */
  settleMean(): void {
    if (!Number.isFinite(this.columns)) {
      this.#mean = this.rowPx;
      return;
    }
    if (this.#measured.size < 10) return;
    let sum = 0;
    for (const height of this.#measured.values()) sum += height;
    const mean = sum / this.#measured.size;
    // Small changes would only make the thumb tremble.
    if (Math.abs(mean - this.#mean) > this.#mean * 0.05) this.#mean = mean;
  }

  clear(): void {
    this.#measured.clear();
  }

  #guess(row: LogRow | undefined): number {
    if (!row || !Number.isFinite(this.columns)) return this.rowPx;
    return Math.max(1, Math.ceil(row.raw.length / this.columns)) * this.rowPx;
  }
}

import { lineFlags } from "./block.ts";
import type { LineInfo, LineStore } from "./line-store.ts";

/**
 * Takes in lines that lead to those which are there, and knows when they meet. The engine's `until` is not used for it:
 * it stops at the first later time, and after a clock that went back that is too early.
 */
export class Meeting {
  readonly #older: LineStore;
  readonly #newer: LineStore;
  /** Time of the oldest line that is there, and how many lines share it. */
  readonly #place: { readonly seconds: number; readonly nanos: number; readonly count: number } | undefined;
  #equal = 0;
  /** True when the lines have met: nothing more is wanted. */
  met = false;
  hasTaken = false;

  /** `older` receives the lines; other lines may be before and between them, but not behind. */
  constructor(older: LineStore, newer: LineStore) {
    this.#older = older;
    this.#newer = newer;
    this.#place = placeOf(newer);
  }

  take(info: LineInfo, bytes: Buffer, range: { start: number; end: number }): void {
    if (this.met) return;
    const isDivider = (info.flags & lineFlags.divider) !== 0;
    const isEqual = !isDivider && info.seconds === this.#place?.seconds && info.nanos === this.#place.nanos;
    if (isEqual) this.#equal += 1;
    else if (this.#equal > 0) {
      this.met = true;
      return;
    }
    this.hasTaken = true;
    this.#older.append(info, bytes, range);
  }

  /** Drops the lines that are there already. */
  finish(): void {
    const older = this.#older;
    // The last lines of that time are the ones that are there; any before them are not.
    if (this.#equal > 0) older.dropLast(Math.min(this.#equal, this.#place?.count ?? 0));
    // They never met: the meeting place is gone, so the time must do.
    else if (this.#place) older.dropLast(older.end - older.lowerBound(this.#newer.timeOf(this.#newer.first)));
  }
}

function placeOf(store: LineStore): { seconds: number; nanos: number; count: number } | undefined {
  let meeting: { seconds: number; nanos: number; count: number } | undefined;
  for (let line = store.first; line < store.end; line += 1) {
    const place = store.find(line);
    if (!place) break;
    // A divider is ours, not the engine's.
    if ((place.block.flags[place.index] ?? 0) & lineFlags.divider) continue;
    const seconds = place.block.seconds[place.index] ?? 0;
    const nanos = place.block.nanos[place.index] ?? 0;
    if (meeting && (meeting.seconds !== seconds || meeting.nanos !== nanos)) break;
    meeting = { seconds, nanos, count: (meeting?.count ?? 0) + 1 };
  }
  return meeting;
}

import { FrameParser, type LogParser, RawParser } from "../frame-parser.ts";
import { LineAssembler, type LineHead } from "../line-assembler.ts";
import { lineFlags } from "./block.ts";
import type { LineInfo, LineStore } from "./line-store.ts";

export function infoOf(head: LineHead): LineInfo {
  const flags = (head.source === 2 ? lineFlags.stderr : 0) | (head.unfinished ? lineFlags.unfinished : 0);
  return { seconds: head.seconds, nanos: head.nanos, flags };
}

/**
 * Takes in lines that lead to those which are there, and knows when they meet. The engine's `until` is not used for it:
 * it stops at the first later time, and after a clock that went back that is too early.
 */
export class OlderFeed {
  readonly store: LineStore;
  readonly #newer: LineStore;
  readonly #parser: LogParser;
  /** Time of the oldest line that is there, and how many lines share it. */
  readonly #meeting: { readonly seconds: number; readonly nanos: number; readonly count: number } | undefined;
  #equal = 0;
  #met = false;

  constructor(store: LineStore, newer: LineStore, tty: boolean) {
    this.store = store;
    this.#newer = newer;
    this.#meeting = meetingOf(newer);
    const assembler: LineAssembler = new LineAssembler(
      (bytes, start, end) => this.#take(infoOf(assembler.head), bytes, { start, end }),
      { timestamps: true },
    );
    this.#parser = tty ? new RawParser(assembler) : new FrameParser(assembler);
  }

  /** True when the lines have met: nothing more is wanted. */
  feed(chunk: Buffer): boolean {
    if (!this.#met) this.#parser.push(chunk);
    return this.#met;
  }

  /** The older lines, without those that are there already. */
  finish(): LineStore {
    if (!this.#met) this.#parser.end();
    const { store } = this;
    // The last lines of that time are the ones that are there; any before them are not.
    if (this.#equal > 0) store.dropLast(Math.min(this.#equal, this.#meeting?.count ?? 0));
    // They never met: the engine has rotated the meeting place away, so the time must do.
    else if (this.#meeting) store.dropLast(store.end - store.lowerBound(this.#newer.timeOf(this.#newer.first)));
    return store;
  }

  #take(info: LineInfo, bytes: Buffer, range: { start: number; end: number }): void {
    if (this.#met) return;
    const isEqual = info.seconds === this.#meeting?.seconds && info.nanos === this.#meeting.nanos;
    if (isEqual) this.#equal += 1;
    else if (this.#equal > 0) {
      this.#met = true;
      return;
    }
    this.store.append(info, bytes, range);
  }
}

function meetingOf(store: LineStore): { seconds: number; nanos: number; count: number } | undefined {
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

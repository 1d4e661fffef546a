import { FrameParser, type LogParser, RawParser } from "../frame-parser.ts";
import { LineAssembler, type LineHead } from "../line-assembler.ts";
import { lineFlags } from "./block.ts";
import type { LineInfo, LineStore } from "./line-store.ts";
import { Meeting } from "./meeting.ts";

export function infoOf(head: LineHead): LineInfo {
  const flags = (head.source === 2 ? lineFlags.stderr : 0) | (head.unfinished ? lineFlags.unfinished : 0);
  return { seconds: head.seconds, nanos: head.nanos, flags };
}

/** A stream of lines that lead to those which are there. */
export class OlderFeed {
  readonly store: LineStore;
  readonly #parser: LogParser;
  readonly #meeting: Meeting;

  constructor(store: LineStore, newer: LineStore, tty: boolean) {
    this.store = store;
    this.#meeting = new Meeting(store, newer);
    const assembler: LineAssembler = new LineAssembler(
      (bytes, start, end) => this.#meeting.take(infoOf(assembler.head), bytes, { start, end }),
      { timestamps: true },
    );
    this.#parser = tty ? new RawParser(assembler) : new FrameParser(assembler);
  }

  /** True when the lines have met: nothing more is wanted. */
  feed(chunk: Buffer): boolean {
    if (!this.#meeting.met) this.#parser.push(chunk);
    return this.#meeting.met;
  }

  /** The older lines, without those that are there already. */
  finish(): LineStore {
    if (!this.#meeting.met) this.#parser.end();
    this.#meeting.finish();
    return this.store;
  }
}

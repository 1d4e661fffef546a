import type { LogMark, LogSourceSpec, LogSourceStatus } from "#contract/log-view.ts";
import { FrameParser, type LogParser, RawParser } from "../frame-parser.ts";
import { LineAssembler, type LineHead } from "../line-assembler.ts";
import { SeenLines } from "../seen-lines.ts";
import type { Arenas } from "./arena.ts";
import { lineFlags } from "./block.ts";
import { type LineInfo, LineStore } from "./line-store.ts";
import { infoOf, OlderFeed } from "./older-feed.ts";

/** A view's source tells its keeper of each line that arrives live, in order. */
export type LineListener = (info: LineInfo, bytes: Buffer, range: { start: number; end: number }) => void;

/** Behind by less than this is the ordinary delay of a line. */
const behindFromMs = 1000;
/** Without a new chunk for this long, nothing is waiting. */
const idleMs = 500;
/** A jump over lines that the engine threw away takes us this far at least. */
const gapFromMs = 500;

const clock = (): number => Date.now();

/** One source of a view: its lines, how they get in, and how it stands. */
export class SourceFeed {
  readonly index: number;
  readonly spec: LogSourceSpec;
  readonly store: LineStore;
  name = "";
  containerId = "";
  state: LogSourceStatus["state"] = "reading";
  error: string | undefined;
  complete = false;
  /** All that the engine has is here; older lines may still be kept on disk. */
  engineComplete = false;
  duplicates = 0;
  gaps = 0;
  onLine: LineListener = () => {};
  onEviction: () => void = () => {};
  /** How far the engine's clock is behind ours. */
  skewMs = 0;
  readonly #arenas: Arenas;
  readonly #seen = new SeenLines();
  #parser: LogParser | undefined;
  #older: OlderFeed | undefined;
  #lastSeconds = 0;
  #lastNanos = 0;
  #behindMs = 0;
  #fedAt = 0;
  #passesOn = false;

  constructor(index: number, spec: LogSourceSpec, arenas: Arenas) {
    this.index = index;
    this.spec = spec;
    if (spec.kind === "past") this.name = spec.name;
    this.#arenas = arenas;
    this.store = new LineStore(arenas);
  }

  status(): LogSourceStatus {
    const { index, spec, name, containerId, state, error, store, complete, duplicates, gaps } = this;
    const isIdle = clock() - this.#fedAt > idleMs;
    return {
      index,
      spec,
      name,
      containerId,
      state,
      ...(error === undefined ? {} : { error }),
      behindMs: state === "live" && !isIdle ? this.#behindMs : 0,
      lines: store.count,
      bytes: store.usedBytes,
      ...(store.count > 0 ? { oldestAt: store.timeOf(store.first), newestAt: store.timeOf(store.end - 1) } : {}),
      complete,
      evictedLines: store.evictedLines,
      duplicates,
      gaps,
    };
  }

  /** A stream of live lines begins. */
  open(tty: boolean): void {
    this.#seen.restart();
    const assembler: LineAssembler = new LineAssembler(
      (bytes, start, end) => this.#take(assembler.head, bytes, { start, end }),
      { timestamps: true },
    );
    this.#parser = tty ? new RawParser(assembler) : new FrameParser(assembler);
  }

  feed(chunk: Buffer): void {
    // Whoever had nothing to read for a while was not behind, however old the lines before were.
    if (clock() - this.#fedAt > idleMs) this.#behindMs = 0;
    this.#parser?.push(chunk);
    if (this.#passesOn) this.store.clear();
    const now = clock();
    this.#fedAt = now;
    const lag = now - this.skewMs - (this.#lastSeconds * 1000 + this.#lastNanos / 1e6);
    // What was written before anybody looked is old, but not late.
    this.#behindMs = this.state === "live" && lag >= behindFromMs ? lag : 0;
  }

  end(): void {
    this.#parser?.end();
    this.#parser = undefined;
  }

  /** Puts a divider after the lines that are there. Its time is never before theirs, so that it keeps its place. */
  mark(mark: LogMark, seconds: number): void {
    const isLate = seconds > this.#lastSeconds;
    const info = {
      seconds: isLate ? seconds : this.#lastSeconds,
      nanos: isLate ? 0 : this.#lastNanos,
      flags: lineFlags.divider,
    };
    const bytes = Buffer.from(JSON.stringify(mark));
    this.#append(info, bytes, { start: 0, end: bytes.length });
  }

  /** A stream of older lines begins, which lead to ours. */
  openOlder(tty: boolean): void {
    this.dropOlder();
    this.#older = new OlderFeed(new LineStore(this.#arenas), this.store, tty);
  }

  /** The budget took the oldest lines away: they can be read again. */
  noteEviction(): void {
    this.complete = false;
    this.engineComplete = false;
    this.onEviction();
  }

  /** True when the older lines have met ours: nothing more is wanted. */
  feedOlder(chunk: Buffer): boolean {
    return this.#older?.feed(chunk) ?? true;
  }

  /** Lines that a load has read so far, for the budget and the progress. */
  get older(): LineStore | undefined {
    return this.#older?.store;
  }

  /** Puts the older lines before ours; returns how many there were. */
  commitOlder(): number {
    const store = this.#older?.finish();
    this.#older = undefined;
    if (!store) return 0;
    const added = store.count;
    this.store.evictedLines += store.evictedLines;
    this.store.prepend(store);
    return added;
  }

  /** Lines are only handed on, not kept in memory. */
  passOn(): void {
    this.#passesOn = true;
  }

  dropOlder(): void {
    this.#older?.store.clear();
    this.#older = undefined;
  }

  close(): void {
    this.dropOlder();
    this.store.clear();
  }

  #take(head: LineHead, bytes: Buffer, range: { start: number; end: number }): void {
    if (!this.#seen.accept(head.seconds, head.nanos)) return;
    const info = infoOf(head);
    const stepMs = (info.seconds - this.#lastSeconds) * 1000 + (info.nanos - this.#lastNanos) / 1e6;
    if (stepMs < 0 && this.#isDuplicate(info, bytes.subarray(range.start, range.end))) {
      this.duplicates += 1;
      return;
    }
    // Falling behind and then being far ahead at once means that the engine passed over what it had rotated away.
    if (this.#seen.takeMissed()) this.#markGap("unread", info);
    else if (this.state === "live" && stepMs > gapFromMs && this.#behindMs > 0 && stepMs > this.#behindMs / 4) {
      this.#markGap("rotated", info);
    }
    this.#append(info, bytes, range);
  }

  #markGap(why: "rotated" | "unread", info: LineInfo): void {
    this.gaps += 1;
    const from = this.#lastSeconds * 1000 + this.#lastNanos / 1e6;
    const to = info.seconds * 1000 + info.nanos / 1e6;
    this.mark({ kind: "gap", why, from: Math.min(from, to), to }, this.#lastSeconds);
  }

  #append(info: LineInfo, bytes: Buffer, range: { start: number; end: number }): void {
    this.#lastSeconds = info.seconds;
    this.#lastNanos = info.nanos;
    this.store.append(info, bytes, range);
    this.onLine(info, bytes, range);
  }

  /** After a rotation the engine may send lines again: the same bytes at the same nanosecond. */
  #isDuplicate({ seconds, nanos }: LineInfo, bytes: Buffer): boolean {
    const { store } = this;
    if (this.#passesOn) return this.#seen.hadEarlier(seconds, nanos);
    const time = seconds * 1000 + nanos / 1e6;
    for (let line = store.lowerBound(time); line < store.end; line += 1) {
      const place = store.find(line);
      if (!place || place.block.seconds[place.index] !== seconds || place.block.nanos[place.index] !== nanos)
        return false;
      if (place.block.line(place.index).equals(bytes)) return true;
    }
    return false;
  }
}

import { isAscii } from "node:buffer";
import { parentPort, workerData } from "node:worker_threads";

/** A user's regular expression runs in this thread alone: whatever it does, the thread can be ended. */
export interface RegexPattern {
  readonly source: string;
  readonly flags: string;
  /** The same for many lines at once, see `withinLine`; undefined where every line must be tried alone. */
  readonly within: string | undefined;
}

export type RegexTask =
  | {
      readonly kind: "scan";
      readonly shared: SharedArrayBuffer;
      readonly start: number;
      readonly end: number;
      /** Where lines begin in the slice that are to be tried; absent for all of them. */
      readonly starts?: Uint32Array | undefined;
    }
  | { readonly kind: "highlight"; readonly texts: readonly string[] };

export interface RegexRequest {
  readonly id: number;
  readonly pattern: RegexPattern;
  readonly task: RegexTask;
}

/** Given at the start: `progress[0]` is set to a task's id when it begins, so that waiting for a turn does not count. */
export interface RegexThreadData {
  readonly progress: Int32Array;
}

export interface RegexReply {
  readonly id: number;
  /** Offsets into the slice, one in each line that matches. */
  readonly hits?: Uint32Array;
  readonly ranges?: readonly (readonly [number, number, number])[];
}

const lineBreak = 0x0a;
const maxRangesPerText = 1000;
/** Longer strings each get memory of their own from V8, which takes longer than the search in them. */
const pieceBytes = 64 * 1024;

/** Offsets into a slice. */
class Hits {
  #offsets = new Uint32Array(256);
  #count = 0;

  add(offset: number): void {
    if (this.#count === this.#offsets.length) {
      const grown = new Uint32Array(this.#count * 2);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    this.#offsets[this.#count++] = offset;
  }

  take(): Uint32Array {
    return this.#offsets.slice(0, this.#count);
  }
}

/** Some lines of a slice, and where in it they begin. */
interface Piece {
  readonly bytes: Buffer;
  readonly start: number;
}

/** Whole lines, as many as make a piece, and at least one. */
function* piecesOf(slice: Buffer): Generator<Piece> {
  for (let start = 0; start < slice.length; ) {
    const limit = start + pieceBytes;
    const before = limit < slice.length ? slice.lastIndexOf(lineBreak, limit - 1) : slice.length - 1;
    const found = before >= start ? before : slice.indexOf(lineBreak, limit);
    const end = found < 0 ? slice.length : found + 1;
    yield { bytes: slice.subarray(start, end), start };
    start = end;
  }
}

/** One run over all lines at once: an expression that cannot leave its line finds the same lines this way. */
function scanText({ bytes, start }: Piece, expression: RegExp, hits: Hits): void {
  const text = bytes.toString("latin1");
  expression.lastIndex = 0;
  for (let found = expression.exec(text); found; found = expression.exec(text)) {
    const next = text.indexOf("\n", found.index);
    // Behind the last break there is no line, only the empty end that some expressions match.
    if (found.index >= text.length) return;
    hits.add(start + found.index);
    if (next < 0) return;
    expression.lastIndex = next + 1;
  }
}

/** Whether the line that begins at `start` matches, and where the next one begins. */
function tryLine(bytes: Buffer, start: number, expression: RegExp): { matches: boolean; next: number } {
  const found = bytes.indexOf(lineBreak, start);
  const end = found < 0 ? bytes.length : found;
  const withReturn = end > start && bytes[end - 1] === 0x0d;
  return { matches: expression.test(bytes.toString("utf8", start, withReturn ? end - 1 : end)), next: end + 1 };
}

function scanLines({ bytes, start }: Piece, expression: RegExp, hits: Hits): void {
  for (let at = 0; at < bytes.length; ) {
    const { matches, next } = tryLine(bytes, at, expression);
    if (matches) hits.add(start + at);
    at = next;
  }
}

function scanOnly(bytes: Buffer, starts: Uint32Array, { source, flags }: RegexPattern): Uint32Array {
  const expression = new RegExp(source, flags);
  return starts.filter((start) => tryLine(bytes, start, expression).matches);
}

function scan(pattern: RegexPattern, { shared, start, end, starts }: RegexTask & { kind: "scan" }): Uint32Array {
  const bytes = Buffer.from(shared, start, end - start);
  if (starts) return scanOnly(bytes, starts, pattern);
  const { source, flags, within } = pattern;
  const ofLine = new RegExp(source, flags);
  const ofText = within === undefined ? undefined : new RegExp(within, `${flags}gm`);
  const hits = new Hits();
  for (const piece of piecesOf(bytes)) {
    // A carriage return ends a line for `$` and `.`, and offsets are those of bytes only where every character is one.
    const isPlain = isAscii(piece.bytes) && !piece.bytes.includes(0x0d);
    if (ofText && isPlain) scanText(piece, ofText, hits);
    else scanLines(piece, ofLine, hits);
  }
  return hits.take();
}

function highlight({ source, flags }: RegexPattern, texts: readonly string[]): [number, number, number][] {
  const expression = new RegExp(source, `${flags}g`);
  return texts.flatMap((text, row) => {
    const ranges: [number, number, number][] = [];
    for (const found of text.matchAll(expression)) {
      if (found[0].length > 0) ranges.push([row, found.index, found.index + found[0].length]);
      if (ranges.length >= maxRangesPerText) break;
    }
    return ranges;
  });
}

// What `RegexRunner` started this thread with.
const { progress } = workerData as RegexThreadData;

parentPort?.on("message", ({ id, pattern, task }: RegexRequest) => {
  Atomics.store(progress, 0, id);
  const reply: RegexReply =
    task.kind === "scan" ? { id, hits: scan(pattern, task) } : { id, ranges: highlight(pattern, task.texts) };
  parentPort?.postMessage(reply);
});

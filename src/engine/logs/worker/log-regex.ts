import { isAscii } from "node:buffer";
import { parentPort, workerData } from "node:worker_threads";

/** A user's regular expression runs in this thread alone: whatever it does, the thread can be ended. */
export interface RegexPattern {
  readonly source: string;
  readonly flags: string;
  /** The expression can match across a line break, so every line must be tried alone. */
  readonly lineByLine: boolean;
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

/** One run over all lines at once: an expression that cannot leave its line finds the same lines this way. */
function scanText(text: string, { source, flags }: RegexPattern, hits: Hits): void {
  const expression = new RegExp(source, `${flags}gm`);
  for (let found = expression.exec(text); found; found = expression.exec(text)) {
    const next = text.indexOf("\n", found.index);
    // Behind the last break there is no line, only the empty end that some expressions match.
    if (found.index >= text.length) return;
    hits.add(found.index);
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

function scanLines(bytes: Buffer, { source, flags }: RegexPattern, hits: Hits): void {
  const expression = new RegExp(source, flags);
  for (let start = 0; start < bytes.length; ) {
    const { matches, next } = tryLine(bytes, start, expression);
    if (matches) hits.add(start);
    start = next;
  }
}

function scanOnly(bytes: Buffer, starts: Uint32Array, { source, flags }: RegexPattern): Uint32Array {
  const expression = new RegExp(source, flags);
  return starts.filter((start) => tryLine(bytes, start, expression).matches);
}

function scan(pattern: RegexPattern, { shared, start, end, starts }: RegexTask & { kind: "scan" }): Uint32Array {
  const bytes = Buffer.from(shared, start, end - start);
  if (starts) return scanOnly(bytes, starts, pattern);
  const hits = new Hits();
  // A carriage return ends a line for `$` and `.`, and offsets are those of bytes only where every character is one.
  const whole = !pattern.lineByLine && isAscii(bytes) && !bytes.includes(0x0d);
  if (whole) scanText(bytes.toString("latin1"), pattern, hits);
  else scanLines(bytes, pattern, hits);
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

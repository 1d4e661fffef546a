import type { LogItem } from "#contract/logs.ts";
import { type ReaderItem, type ReadRequest, readContainer } from "./container-reader.ts";
import type { LogEngine } from "./engine-port.ts";
import { FrameParser, type LogParser, RawParser } from "./frame-parser.ts";
import { LineAssembler } from "./line-assembler.ts";
import { SeenLines } from "./seen-lines.ts";
import { late, within } from "./within.ts";

/** A batch is sent when it has this many bytes, or when its first line is this old. */
const batchBytes = 64 * 1024;
const batchMs = 50;

/** Collects lines for one item; a line of more than a batch makes an item of its own. */
class Batch {
  readonly #parts: Buffer[] = [];
  #ends: number[] = [];
  #sources: (1 | 2)[] = [];
  sizeBytes = 0;

  get lines(): number {
    return this.#ends.length;
  }

  add(line: Buffer, source: 1 | 2): void {
    this.#parts.push(line);
    this.sizeBytes += line.length;
    this.#ends.push(this.sizeBytes);
    this.#sources.push(source);
  }

  take(): LogItem {
    const item = { kind: "lines", bytes: joined(this.#parts), ends: this.#ends, sources: this.#sources } as const;
    this.#parts.length = 0;
    this.#ends = [];
    this.#sources = [];
    this.sizeBytes = 0;
    return item;
  }
}

/** Bytes of their own: a buffer of Node's pool would be cloned with the whole pool behind it. */
function joined(parts: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Makes lines of a reader's items, and drops those that come up again after a restart. */
class TailLines {
  readonly batch = new Batch();
  readonly #seen = new SeenLines();
  #parser: LogParser | undefined;
  #restarted = false;

  /** Items to send at once, beside the lines in `batch`. */
  take(item: ReaderItem): LogItem[] {
    switch (item.kind) {
      case "open":
        this.#open(item.facts.tty);
        return this.#restarted ? [{ kind: "restarted" }] : [];
      case "chunk":
        this.#parser?.push(item.bytes);
        return [];
      case "mark":
        this.#restarted = item.mark.kind === "started";
        return [];
      case "end":
        this.#parser?.end();
        this.#parser = undefined;
        return [{ kind: "ended", reason: item.reason }];
    }
  }

  end(): void {
    this.#parser?.end();
  }

  #open(tty: boolean): void {
    const assembler = new LineAssembler(
      (bytes, start, end) => {
        const { seconds, nanos, source } = assembler.head;
        if (this.#seen.accept(seconds, nanos)) this.batch.add(Buffer.from(bytes.subarray(start, end)), source);
      },
      { timestamps: true },
    );
    this.#seen.restart();
    this.#parser = tty ? new RawParser(assembler) : new FrameParser(assembler);
  }
}

/** The last lines of a container and what it writes, in batches. Errors: see `readContainer`. */
export async function* tailLog(engine: LogEngine, request: ReadRequest, signal: AbortSignal): AsyncGenerator<LogItem> {
  const items = readContainer(engine, request, signal);
  const lines = new TailLines();
  const { batch } = lines;
  let live = !request.follow;
  let next = items.next();
  let dueAt = Number.POSITIVE_INFINITY;
  try {
    for (;;) {
      const waitMs = dueAt - performance.now();
      const waits = batch.lines > 0 || !live;
      const result = waits ? await within(next, Math.max(0, Math.min(batchMs, waitMs))) : await next;
      if (result === late) {
        if (batch.lines > 0) yield batch.take();
        // Nothing came for a while: what there was has been read.
        if (!live) yield { kind: "live" };
        live = true;
        dueAt = Number.POSITIVE_INFINITY;
        continue;
      }
      if (result.done) break;
      if (result.value.kind === "open") live = !request.follow;
      const before = lines.take(result.value);
      if (before.length > 0 && batch.lines > 0) yield batch.take();
      yield* before;
      if (batch.lines > 0) dueAt = Math.min(dueAt, performance.now() + batchMs);
      if (batch.sizeBytes >= batchBytes || performance.now() >= dueAt) {
        if (batch.lines > 0) yield batch.take();
        dueAt = Number.POSITIVE_INFINITY;
      }
      next = items.next();
    }
    lines.end();
    if (batch.lines > 0) yield batch.take();
  } finally {
    void items.return(undefined).catch(() => {});
  }
}

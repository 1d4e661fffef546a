import { FrameParser } from "#engine/logs/frame-parser.ts";
import { LineAssembler } from "#engine/logs/line-assembler.ts";
import { median } from "./statistics.ts";

/** A log as Docker frames it: one line a frame, with its time. */
function framedLog(lines: number): Buffer {
  const text = "INFO request handled path=/api/items status=200 duration=12ms client=10.0.0.17 id=";
  const frames = Array.from({ length: lines }, (_, at) => {
    const nanos = String(at % 1_000_000_000).padStart(9, "0");
    const body = Buffer.from(`2026-11-24T10:15:30.${nanos}Z ${text}${at}\n`);
    const head = Buffer.from([at % 7 === 0 ? 2 : 1, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(body.length, 4);
    return Buffer.concat([head, body]);
  });
  return Buffer.concat(frames);
}

/** Finds where frames begin and end, whatever the chunks are, and does nothing with them. */
class BareParser {
  bytes = 0;
  readonly #head = Buffer.alloc(8);
  #filled = 0;
  #remaining = 0;

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#remaining === 0) {
        while (this.#filled < 8 && at < chunk.length) this.#head[this.#filled++] = chunk[at++] ?? 0;
        if (this.#filled < 8) return;
        this.#filled = 0;
        this.#remaining = this.#head.readUInt32BE(4);
      }
      const end = Math.min(at + this.#remaining, chunk.length);
      this.bytes += chunk.subarray(at, end).length;
      this.#remaining -= end - at;
      at = end;
    }
  }
}

function cutInto(log: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < log.length; at += size) chunks.push(log.subarray(at, at + size));
  return chunks;
}

function medianMs(work: () => void): number {
  work();
  const values = Array.from({ length: 7 }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
  return median(values);
}

/** What lines, streams and times cost, as a multiple of finding the frames alone. */
export function parseCost(chunkBytes: number): { ratio: number } {
  const lines = chunkBytes < 64 ? 20_000 : 200_000;
  const chunks = cutInto(framedLog(lines), chunkBytes);
  const bare = medianMs(() => {
    const parser = new BareParser();
    for (const chunk of chunks) parser.push(chunk);
  });
  const ends = new Uint32Array(lines);
  const seconds = new Uint32Array(lines);
  const nanos = new Uint32Array(lines);
  const ours = medianMs(() => {
    let count = 0;
    let size = 0;
    const assembler: LineAssembler = new LineAssembler(
      (_bytes, start, end) => {
        size += end - start + 1;
        ends[count] = size;
        seconds[count] = assembler.head.seconds;
        nanos[count] = assembler.head.nanos;
        count += 1;
      },
      { timestamps: true },
    );
    const parser = new FrameParser(assembler);
    for (const chunk of chunks) parser.push(chunk);
    if (count !== lines) throw new Error(`${count} lines`);
  });
  return { ratio: ours / bare };
}

import { crc32 } from "node:zlib";
import type { Block } from "../store/block.ts";
import type { LineInfo } from "../store/line-store.ts";

/**
 * How lines lie on disk: frames of some lines each, one behind the other. A frame is its head (mark, lines, bytes of
 * text, CRC-32 of all that follows), then one column a fact (end, seconds, nanoseconds as 32 bits, flags as 8), then
 * the text with a line break behind each line. Little endian, as every machine is that we run on.
 */
export const frameHeadBytes = 16;
const frameMark = 0x314b_534c;
const columnBytes = 13;
const mostLines = 4096;
const fullFrameBytes = 256 * 1024;

/** Lines of one frame. */
export interface Frame {
  readonly count: number;
  /** Offset in `text` behind each line's break. This and the following columns may hold more than `count`. */
  readonly ends: Uint32Array;
  readonly seconds: Uint32Array;
  readonly nanos: Uint32Array;
  /** `lineFlags`. */
  readonly flags: Uint8Array;
  readonly text: Buffer;
}

/** The bytes of a frame; `text` holds the lines with their breaks. */
function frameBytes({ count, ends, seconds, nanos, flags, text }: Frame): Buffer {
  const frame = Buffer.allocUnsafe(frameHeadBytes + count * columnBytes + text.length);
  let at = frameHeadBytes;
  for (const column of [ends, seconds, nanos, flags]) {
    at += Buffer.from(column.buffer, column.byteOffset, count * column.BYTES_PER_ELEMENT).copy(frame, at);
  }
  text.copy(frame, at);
  frame.writeUInt32LE(frameMark, 0);
  frame.writeUInt32LE(count, 4);
  frame.writeUInt32LE(text.length, 8);
  frame.writeUInt32LE(crc32(frame.subarray(frameHeadBytes)), 12);
  return frame;
}

/** A frame of a block's lines from `from` on, as many as one holds but none from `to` on, and where the next begins. */
export function frameOfBlock(
  block: Block,
  { from, to }: { from: number; to: number },
): { frame: Buffer; next: number } {
  const start = block.startOf(from);
  const next = Math.min(to, from + mostLines, block.lineAt(start + fullFrameBytes, from) + 1);
  const { arena, offset } = block.slot;
  const frame = frameBytes({
    count: next - from,
    ends: block.ends.subarray(from, next).map((end) => end - start),
    seconds: block.seconds.subarray(from, next),
    nanos: block.nanos.subarray(from, next),
    flags: block.flags.subarray(from, next),
    text: arena.bytes.subarray(offset + start, offset + block.startOf(next)),
  });
  return { frame, next };
}

/** Gathers lines for the next frame. */
export class FrameBuilder {
  #text = Buffer.allocUnsafe(4096);
  #size = 0;
  #count = 0;
  readonly #ends = new Uint32Array(mostLines);
  readonly #seconds = new Uint32Array(mostLines);
  readonly #nanos = new Uint32Array(mostLines);
  readonly #flags = new Uint8Array(mostLines);

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === mostLines || this.#size >= fullFrameBytes;
  }

  /** Only while it is not full. */
  append({ seconds, nanos, flags }: LineInfo, bytes: Buffer, range: { start: number; end: number }): void {
    const size = this.#size + range.end - range.start + 1;
    if (size > this.#text.length) {
      const grown = Buffer.allocUnsafe(Math.max(size, this.#text.length * 2));
      this.#text.copy(grown, 0, 0, this.#size);
      this.#text = grown;
    }
    bytes.copy(this.#text, this.#size, range.start, range.end);
    this.#text[size - 1] = 0x0a;
    this.#size = size;
    const at = this.#count;
    this.#ends[at] = size;
    this.#seconds[at] = seconds;
    this.#nanos[at] = nanos;
    this.#flags[at] = flags;
    this.#count += 1;
  }

  /** The frame of what was gathered; begins anew. */
  take(): Buffer {
    const frame = frameBytes({
      count: this.#count,
      ends: this.#ends,
      seconds: this.#seconds,
      nanos: this.#nanos,
      flags: this.#flags,
      text: this.#text.subarray(0, this.#size),
    });
    this.#count = 0;
    this.#size = 0;
    // One that had to hold an overlong line must not keep its memory for ever.
    if (this.#text.length > 2 * fullFrameBytes) this.#text = Buffer.allocUnsafe(4096);
    return frame;
  }
}

/** The frame at an offset and where the next one begins; undefined where no whole and sound frame is. */
export function readFrame(bytes: Buffer, at: number): { frame: Frame; next: number } | undefined {
  if (at + frameHeadBytes > bytes.length || bytes.readUInt32LE(at) !== frameMark) return undefined;
  const count = bytes.readUInt32LE(at + 4);
  const size = bytes.readUInt32LE(at + 8);
  const next = at + frameHeadBytes + count * columnBytes + size;
  if (count === 0 || count > mostLines || next > bytes.length) return undefined;
  const body = bytes.subarray(at + frameHeadBytes, next);
  if (crc32(body) !== bytes.readUInt32LE(at + 12)) return undefined;
  // Copied, because the columns must lie where a 32-bit number may lie.
  const columns = new Uint8Array(body.subarray(0, count * columnBytes)).buffer;
  const frame = {
    count,
    ends: new Uint32Array(columns, 0, count),
    seconds: new Uint32Array(columns, count * 4, count),
    nanos: new Uint32Array(columns, count * 8, count),
    flags: new Uint8Array(columns, count * 12, count),
    text: body.subarray(count * columnBytes),
  };
  return { frame, next };
}

/** All sound frames; what lies between them is passed over. */
export function* readFrames(bytes: Buffer): Generator<Frame> {
  for (let at = 0; at < bytes.length; ) {
    const read = readFrame(bytes, at);
    if (read) {
      yield read.frame;
      at = read.next;
      continue;
    }
    // Damaged: looks for the next frame's mark.
    at = nextMark(bytes, at + 1);
  }
}

const markBytes = Buffer.from([0x4c, 0x53, 0x4b, 0x31]);

function nextMark(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(markBytes, from);
  return at < 0 ? bytes.length : at;
}

/** What is sound at a file's beginning: its bytes, lines, and first and last time. */
export function measureFrames(bytes: Buffer): { size: number; lines: number; firstMs: number; lastMs: number } {
  const found = { size: 0, lines: 0, firstMs: 0, lastMs: 0 };
  for (let read = readFrame(bytes, 0); read; read = readFrame(bytes, read.next)) {
    const { frame, next } = read;
    if (found.lines === 0) found.firstMs = frameTimeMs(frame, 0);
    found.lastMs = Math.max(found.lastMs, frameTimeMs(frame, frame.count - 1));
    found.lines += frame.count;
    found.size = next;
  }
  return found;
}

export function frameTimeMs({ seconds, nanos }: Pick<Frame, "seconds" | "nanos">, index: number): number {
  return (seconds[index] ?? 0) * 1000 + Math.floor((nanos[index] ?? 0) / 1e6);
}

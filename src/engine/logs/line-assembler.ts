import { maxTimestampLength, TimestampReader } from "./timestamp.ts";

/** What is known of a line beside its bytes; one object, changed before each line. */
export interface LineHead {
  source: 1 | 2;
  /** Unix time of the line, 0 where the stream carries no timestamps. */
  seconds: number;
  nanos: number;
  /** True where no line break follows: the last line of an ended stream, or a part of an overlong one. */
  unfinished: boolean;
}

/** Receives each line without its break. The bytes are only valid during the call. */
export type LineSink = (bytes: Buffer, start: number, end: number) => void;

/** A line beyond this is handed on in parts: no log may fill memory with one line. */
export const maxLineBytes = 512 * 1024;

/** dockerd cuts lines here and stamps each part anew (`defaultBufSize` of daemon/logger/copier.go). */
const dockerPartBytes = 16 * 1024;

const lineBreak = 0x0a;

/** Bytes of a source's line whose end has not come yet. */
class Carry {
  bytes = Buffer.allocUnsafe(256);
  length = 0;
  /** Where the frame that continues this line began, or -1. */
  joint = -1;
  /** Where dockerd's next part of an overlong line begins, once known; only for streams without frames. */
  nextPart = -1;
  time: { seconds: number; nanos: number } | undefined;

  append(chunk: Buffer, start: number, end: number): void {
    const needed = this.length + end - start;
    if (needed > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
    // A native copy costs more than it saves on a few bytes, which is how slow streams arrive.
    if (end - start > 24) chunk.copy(this.bytes, this.length, start, end);
    else for (let at = start; at < end; at += 1) this.bytes[this.length + at - start] = chunk[at] ?? 0;
    this.length = needed;
  }

  /** Takes `count` bytes out at `at`. */
  remove(at: number, count: number): void {
    this.bytes.copyWithin(at, at + count, this.length);
    this.length -= count;
  }

  clear(): void {
    this.length = 0;
    this.joint = -1;
    this.nextPart = -1;
    this.time = undefined;
    // An overlong line must not keep its memory for ever.
    if (this.bytes.length > 64 * 1024) this.bytes = Buffer.allocUnsafe(256);
  }
}

/** Where a cut may be made without splitting a UTF-8 character: at `end` or up to three bytes before it. */
function characterBoundary(bytes: Uint8Array, end: number): number {
  for (let back = 1; back <= 3 && back < end; back += 1) {
    const byte = bytes[end - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? end - back : end;
  }
  return end;
}

/**
 * Makes lines of the pieces that a parser finds: keeps both streams' unfinished lines apart, takes off the timestamps,
 * and joins the parts into which dockerd cuts lines of more than 16 KiB.
 */
export class LineAssembler {
  readonly head: LineHead = { source: 1, seconds: 0, nanos: 0, unfinished: false };
  readonly #sink: LineSink;
  readonly #stamped: boolean;
  readonly #time = new TimestampReader();
  readonly #carries = [new Carry(), new Carry()] as const;
  #carry: Carry = this.#carries[0];
  #chunk: Buffer = Buffer.alloc(0);
  /** Where the next line break of the chunk is; found once, however many frames lie before it. */
  #nextBreak = -1;
  #framed = false;

  /** `timestamps` says that each line begins with one. */
  constructor(sink: LineSink, options: { timestamps: boolean }) {
    this.#sink = sink;
    this.#stamped = options.timestamps;
  }

  /** The bytes that following pieces lie in. */
  enter(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#nextBreak = -1;
  }

  openFrame(source: 1 | 2): void {
    this.#framed = true;
    this.head.source = source;
    this.#carry = this.#carries[source - 1] ?? this.#carries[0];
    if (this.#carry.length > 0) this.#carry.joint = this.#carry.length;
  }

  /** A frame is complete: a timestamp at its head that fell into the middle of a line is taken out. */
  closeFrame(): void {
    if (this.#carry.joint < 0) return;
    this.#mendJoint(this.#carry);
    if (this.#carry.length >= maxLineBytes) this.#cutOverlong(this.#carry);
  }

  take(start: number, end: number): void {
    const chunk = this.#chunk;
    let at = start;
    while (at < end) {
      const stop = this.#breakBefore(at, end);
      if (stop < 0) {
        this.#keep(at, end);
        return;
      }
      const mayHaveParts = this.#stamped && !this.#framed && stop - at > dockerPartBytes;
      if (this.#carry.length === 0 && !mayHaveParts) this.#emit(chunk, at, stop);
      else this.#finish(at, stop);
      at = stop + 1;
    }
  }

  flush(): void {
    for (const [index, carry] of this.#carries.entries()) {
      if (carry.length === 0) continue;
      this.head.source = index === 0 ? 1 : 2;
      this.#carry = carry;
      this.head.unfinished = true;
      this.#finish(0, 0);
      this.head.unfinished = false;
    }
  }

  #breakBefore(at: number, end: number): number {
    if (end - at === 1) return this.#chunk[at] === lineBreak ? at : -1;
    if (this.#nextBreak < at) {
      const found = this.#chunk.indexOf(lineBreak, at);
      this.#nextBreak = found < 0 ? Number.MAX_SAFE_INTEGER : found;
    }
    return this.#nextBreak < end ? this.#nextBreak : -1;
  }

  #keep(start: number, end: number): void {
    const carry = this.#carry;
    carry.append(this.#chunk, start, end);
    if (carry.length <= dockerPartBytes) return;
    this.#mendParts(carry, carry.length - maxTimestampLength);
    if (carry.length >= maxLineBytes && carry.joint < 0) this.#cutOverlong(carry);
  }

  /** Hands on the carried bytes as parts of a line, except what may still change. */
  #cutOverlong(carry: Carry): void {
    const all = Buffer.from(carry.bytes.subarray(0, carry.length));
    const { nextPart, time } = carry;
    let at = 0;
    this.head.unfinished = true;
    while (all.length - at >= maxLineBytes) {
      // The piece that is at the next part's beginning, where its timestamp may not have come yet, stays whole.
      const whole = Math.min(at + maxLineBytes, nextPart >= 0 ? nextPart : all.length);
      const cut = characterBoundary(all, whole);
      carry.clear();
      carry.time = time;
      if (at > 0) carry.time = { seconds: this.head.seconds, nanos: this.head.nanos };
      carry.append(all, at, cut);
      this.#finish(0, 0);
      at = cut;
    }
    this.head.unfinished = false;
    // What follows is no line's beginning: it has no timestamp of its own.
    carry.time = { seconds: this.head.seconds, nanos: this.head.nanos };
    carry.append(all, at, all.length);
    carry.nextPart = nextPart < 0 ? -1 : nextPart - at;
  }

  /** Completes the carried line with a piece of the chunk. */
  #finish(start: number, end: number): void {
    const carry = this.#carry;
    if (end > start) carry.append(this.#chunk, start, end);
    if (carry.joint >= 0) this.#mendJoint(carry);
    else if (carry.length > dockerPartBytes) this.#mendParts(carry, carry.length);
    if (carry.time) {
      this.head.seconds = carry.time.seconds;
      this.head.nanos = carry.time.nanos;
      this.#sink(carry.bytes, 0, carry.length);
    } else this.#emit(carry.bytes, 0, carry.length);
    carry.clear();
  }

  #mendJoint(carry: Carry): void {
    if (this.#stamped) {
      const length = this.#time.read(carry.bytes, carry.joint, carry.length);
      if (length > 0) carry.remove(carry.joint, length);
    }
    carry.joint = -1;
  }

  /** Without frames the parts of a long line can only be told by their length. Looks at parts that begin before `limit`. */
  #mendParts(carry: Carry, limit: number): void {
    if (!this.#stamped || this.#framed) return;
    if (carry.nextPart < 0) carry.nextPart = this.#time.read(carry.bytes, 0, carry.length) + dockerPartBytes;
    while (carry.nextPart < Math.min(limit, carry.length)) {
      const length = this.#time.read(carry.bytes, carry.nextPart, carry.length);
      if (length > 0) carry.remove(carry.nextPart, length);
      carry.nextPart += dockerPartBytes;
    }
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    if (!this.#stamped) {
      this.#sink(bytes, start, end);
      return;
    }
    // A line without a readable timestamp stands at the time of the line before it.
    const length = this.#time.read(bytes, start, end);
    if (length > 0) {
      this.head.seconds = this.#time.seconds;
      this.head.nanos = this.#time.nanos;
    }
    this.#sink(bytes, start + length, end);
  }
}

import { type Arenas, blockBytes, type Slot } from "./arena.ts";

/** Bits of a line's flags. */
export const lineFlags = {
  stderr: 1,
  /** The bytes are the JSON of a divider. */
  divider: 2,
  /** No line break followed. */
  unfinished: 4,
} as const;

const firstCapacity = 1024;

/** Lines in order: their bytes, each with its line break, in one slot, and what is known of each in arrays. */
export class Block {
  readonly slot: Slot;
  count = 0;
  /** Bytes in use. */
  size = 0;
  /** Offset behind each line's break. */
  ends = new Uint32Array(firstCapacity);
  seconds = new Uint32Array(firstCapacity);
  nanos = new Uint32Array(firstCapacity);
  flags = new Uint8Array(firstCapacity);
  /** Level and trace bits of `levels.ts`, for the first `levelled` lines. */
  levels = new Uint8Array(0);
  levelled = 0;
  /** True until a byte beyond ASCII was looked for and found. */
  ascii: boolean | undefined;

  constructor(slot: Slot) {
    this.slot = slot;
  }

  /** False where the line does not fit. */
  append(bytes: Buffer, start: number, end: number): boolean {
    const length = end - start;
    if (this.size + length + 1 > blockBytes) return false;
    if (this.count === this.ends.length) this.#grow();
    const { arena, offset } = this.slot;
    bytes.copy(arena.bytes, offset + this.size, start, end);
    this.size += length + 1;
    arena.bytes[offset + this.size - 1] = 0x0a;
    this.ends[this.count] = this.size;
    return true;
  }

  /** Completes `append`. */
  commit(seconds: number, nanos: number, flags: number): void {
    this.seconds[this.count] = seconds;
    this.nanos[this.count] = nanos;
    this.flags[this.count] = flags;
    this.count += 1;
  }

  startOf(index: number): number {
    return index === 0 ? 0 : (this.ends[index - 1] ?? 0);
  }

  /** A line without its break; valid as long as the block is. */
  line(index: number): Buffer {
    const { arena, offset } = this.slot;
    return arena.bytes.subarray(offset + this.startOf(index), offset + (this.ends[index] ?? 1) - 1);
  }

  /** Gives back what the arrays hold in reserve; nothing will be appended. */
  seal(): void {
    this.ends = this.ends.slice(0, this.count);
    this.seconds = this.seconds.slice(0, this.count);
    this.nanos = this.nanos.slice(0, this.count);
    this.flags = this.flags.slice(0, this.count);
  }

  dropLast(count: number): void {
    this.count -= count;
    this.size = this.startOf(this.count);
    this.levelled = Math.min(this.levelled, this.count);
  }

  free(arenas: Arenas): void {
    arenas.give(this.slot);
  }

  /** The line that an offset lies in. */
  lineAt(at: number, from: number): number {
    let low = from;
    let high = this.count - 1;
    // Hits come in order and mostly close together, so the search starts where the last one ended.
    for (let step = 1; low + step < high && (this.ends[low + step] ?? 0) <= at; step *= 2) low += step;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.ends[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const capacity = this.ends.length * 2;
    const grown = <T extends Uint8Array | Uint32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.ends = grown(this.ends, new Uint32Array(capacity));
    this.seconds = grown(this.seconds, new Uint32Array(capacity));
    this.nanos = grown(this.nanos, new Uint32Array(capacity));
    this.flags = grown(this.flags, new Uint8Array(capacity));
  }
}

import type { Block } from "./block.ts";

/** One bit a line: whether the search matches it; filled from the front of each block. */
export class MatchBits {
  readonly #blocks = new WeakMap<Block, { bits: Uint8Array; scanned: number }>();

  /** Lines of the block that were looked at. */
  scanned(block: Block): number {
    return this.#blocks.get(block)?.scanned ?? 0;
  }

  /** Says that lines up to `scanned` were looked at. Room is made first, so hits may be set afterwards or before. */
  reserve(block: Block): Uint8Array {
    const entry = this.#blocks.get(block);
    const needed = (block.count + 7) >> 3;
    if (entry && entry.bits.length >= needed) return entry.bits;
    const bits = new Uint8Array(Math.max(needed, (block.ends.length + 7) >> 3));
    if (entry) bits.set(entry.bits);
    this.#blocks.set(block, { bits, scanned: entry?.scanned ?? 0 });
    return bits;
  }

  finish(block: Block, scanned: number): void {
    const entry = this.#blocks.get(block);
    if (entry) entry.scanned = scanned;
  }

  /** The bits of a block, eight lines a byte; undefined where none of it was looked at. */
  of(block: Block): Uint8Array | undefined {
    return this.#blocks.get(block)?.bits;
  }

  has(block: Block, index: number): boolean {
    const entry = this.#blocks.get(block);
    return entry !== undefined && ((entry.bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }
}

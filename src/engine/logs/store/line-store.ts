import type { Arenas } from "./arena.ts";
import { Block } from "./block.ts";

/** A line's place. */
export interface Place {
  readonly block: Block;
  readonly index: number;
}

export interface LineInfo {
  readonly seconds: number;
  readonly nanos: number;
  readonly flags: number;
}

/** Bytes that a line costs beside its text: end, seconds, nanoseconds, flags. */
const bytesPerLine = 13;

/** Memory that blocks use, arrays included. */
export function blockCost(block: Block): number {
  return block.size + block.count * bytesPerLine;
}

/**
 * One source's lines in order, numbered. The first line ever read is 0, older ones that are read later have negative
 * numbers; numbers never change.
 */
export class LineStore {
  readonly blocks: Block[] = [];
  /** Number of each block's first line. */
  readonly starts: number[] = [];
  /** Number of the first line that is there, and the one behind the last. */
  first = 0;
  end = 0;
  usedBytes = 0;
  evictedLines = 0;
  readonly #arenas: Arenas;

  constructor(arenas: Arenas) {
    this.#arenas = arenas;
  }

  get count(): number {
    return this.end - this.first;
  }

  append(info: LineInfo, bytes: Buffer, range: { start: number; end: number }): void {
    let block = this.blocks.at(-1);
    if (!block?.append(bytes, range.start, range.end)) {
      block?.seal();
      block = new Block(this.#arenas.take());
      this.blocks.push(block);
      this.starts.push(this.end);
      block.append(bytes, range.start, range.end);
    }
    block.commit(info.seconds, info.nanos, info.flags);
    this.end += 1;
    this.usedBytes += range.end - range.start + 1 + bytesPerLine;
  }

  /** Takes over the lines of another store, which end where this one begins; the other is empty afterwards. */
  prepend(older: LineStore): void {
    older.blocks.at(-1)?.seal();
    let start = this.first - older.count;
    const starts = older.blocks.map((block) => {
      const mine = start;
      start += block.count;
      return mine;
    });
    this.first -= older.count;
    this.blocks.unshift(...older.blocks);
    this.starts.unshift(...starts);
    this.usedBytes += older.usedBytes;
    older.#forget();
  }

  /** Takes the last lines away again. */
  dropLast(count: number): void {
    let left = count;
    for (let block = this.blocks.at(-1); block && left > 0; block = this.blocks.at(-1)) {
      const taken = Math.min(left, block.count);
      const before = blockCost(block);
      block.dropLast(taken);
      this.usedBytes -= before - blockCost(block);
      this.end -= taken;
      left -= taken;
      if (block.count > 0) return;
      this.blocks.pop();
      this.starts.pop();
      block.free(this.#arenas);
    }
  }

  /** Gives up the oldest block; the newest is never given up. Returns how many lines it had. */
  evict(): number {
    const [block] = this.blocks;
    if (!block || this.blocks.length === 1) return 0;
    this.blocks.shift();
    this.starts.shift();
    this.first += block.count;
    this.usedBytes -= blockCost(block);
    this.evictedLines += block.count;
    block.free(this.#arenas);
    return block.count;
  }

  clear(): void {
    for (const block of this.blocks) block.free(this.#arenas);
    this.#forget();
  }

  #forget(): void {
    this.blocks.length = 0;
    this.starts.length = 0;
    this.first = this.end;
    this.usedBytes = 0;
  }

  /** The index of the block that holds a line which is there. */
  blockOf(line: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.starts[middle] ?? 0) <= line) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  find(line: number): Place | undefined {
    if (line < this.first || line >= this.end) return undefined;
    const at = this.blockOf(line);
    const block = this.blocks[at];
    return block && { block, index: line - (this.starts[at] ?? 0) };
  }

  /** Milliseconds since 1970, or NaN where there is no such line. */
  timeOf(line: number): number {
    const place = this.find(line);
    return place ? timeMs(place) : Number.NaN;
  }

  /** The first line at or after a time, taking the lines to be in order. */
  lowerBound(timeAt: number): number {
    let low = this.first;
    let high = this.end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.timeOf(middle) < timeAt) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function timeMs({ block, index }: Place): number {
  return (block.seconds[index] ?? 0) * 1000 + (block.nanos[index] ?? 0) / 1e6;
}

/** Reads lines one after the other, or nearly so, without a search for each. */
export class Cursor {
  readonly store: LineStore;
  index = 0;
  #block: Block | undefined;
  #from = 0;
  #to = 0;

  constructor(store: LineStore) {
    this.store = store;
  }

  /** The block of a line that is there; its place in it is then in `index`. */
  seek(line: number): Block {
    if (!this.#block || line < this.#from || line >= this.#to || this.#isStale(line)) this.#load(line);
    this.index = line - this.#from;
    // `#load` has set it: the caller only asks for lines that are there.
    return this.#block as Block;
  }

  #isStale(line: number): boolean {
    return line - this.#from >= (this.#block?.count ?? 0) || line < this.store.first;
  }

  #load(line: number): void {
    const at = this.store.blockOf(line);
    this.#block = this.store.blocks[at];
    this.#from = this.store.starts[at] ?? 0;
    this.#to = this.store.starts[at + 1] ?? Number.POSITIVE_INFINITY;
  }
}

import { literalSearchModule } from "./literal-search-module.ts";

/** Room for the bytes of one block of lines. */
export const blockBytes = 1024 * 1024;
const blocksPerArena = 32;
const pageBytes = 64 * 1024;
/** The first page holds needle, folds and hits of a search; behind the last block a search may read on. */
const scratchBytes = pageBytes;
const needleAt = 1024;
const foldAt = needleAt + 4096;
const hitsAt = foldAt + 4096;
const hitCapacity = (scratchBytes - hitsAt) / 4;

type Find = (...args: number[]) => number;

/** A text as the search wants it: bytes, and for each 0x20 where case does not count. */
export interface Needle {
  readonly bytes: Uint8Array;
  readonly folds: Uint8Array;
  /** Offsets of the two bytes that are compared first. */
  readonly probes: readonly [number, number];
}

let compiled: WebAssembly.Module | undefined;

function searchModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(literalSearchModule, "base64"));
  return compiled;
}

/**
 * Memory for 32 blocks, shared with the thread that runs regular expressions, and with the literal search compiled
 * into it. Pages that were never written cost nothing.
 */
export class Arena {
  readonly bytes: Buffer;
  readonly shared: SharedArrayBuffer;
  readonly #find: Find;
  readonly #hits: Uint32Array;
  readonly #free: number[] = Array.from(
    { length: blocksPerArena },
    (_, index) => scratchBytes + (blocksPerArena - 1 - index) * blockBytes,
  );

  constructor() {
    const pages = (scratchBytes + blocksPerArena * blockBytes) / pageBytes + 1;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    // A shared memory's buffer is a SharedArrayBuffer; the library's type does not tell the two apart.
    this.shared = memory.buffer as unknown as SharedArrayBuffer;
    this.bytes = Buffer.from(this.shared);
    this.#hits = new Uint32Array(this.shared, hitsAt, hitCapacity);
    const { exports } = new WebAssembly.Instance(searchModule(), { log: { memory } });
    // The module exports this one function.
    this.#find = exports.find as Find;
  }

  get idle(): boolean {
    return this.#free.length === blocksPerArena;
  }

  take(): number | undefined {
    return this.#free.pop();
  }

  give(offset: number): void {
    this.#free.push(offset);
  }

  /** Calls back with the address of the first hit in each line that has one. */
  find(
    { bytes, folds, probes }: Needle,
    range: { start: number; end: number },
    onHit: (address: number) => void,
  ): void {
    this.bytes.set(bytes, needleAt);
    this.bytes.set(folds, foldAt);
    let { start } = range;
    while (start < range.end) {
      const [a, b] = probes;
      const count = this.#find(start, range.end, needleAt, foldAt, bytes.length, a, b, hitsAt, hitCapacity);
      for (let index = 0; index < count; index += 1) onHit(this.#hits[index] ?? 0);
      if (count < hitCapacity) return;
      start = this.bytes.indexOf(0x0a, this.#hits[count - 1] ?? 0) + 1;
    }
  }
}

/** One block's place. */
export interface Slot {
  readonly arena: Arena;
  readonly offset: number;
}

/** Hands out blocks over all stores, and lets memory go that no block is in. */
export class Arenas {
  readonly #arenas: Arena[] = [];
  /** Blocks in use. */
  count = 0;

  take(): Slot {
    this.count += 1;
    for (const arena of this.#arenas) {
      const offset = arena.take();
      if (offset !== undefined) return { arena, offset };
    }
    const arena = new Arena();
    this.#arenas.push(arena);
    return { arena, offset: arena.take() ?? scratchBytes };
  }

  give({ arena, offset }: Slot): void {
    this.count -= 1;
    arena.give(offset);
    if (arena.idle) this.#arenas.splice(this.#arenas.indexOf(arena), 1);
  }
}

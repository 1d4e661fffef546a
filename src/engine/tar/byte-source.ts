import { ArchiveError } from "./entry.ts";

/** Reads exact amounts from a stream of chunks. */
export class ByteSource {
  readonly #iterator: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes taken so far. */
  position = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** The next piece, at most `limit` bytes; undefined at the end. */
  async some(limit: number): Promise<Buffer | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#iterator.next();
      if (next.done) return undefined;
      this.#rest = next.value;
    }
    return this.#take(limit);
  }

  /** Exactly `count` bytes; undefined where the source ended before the first. Errors: ArchiveError where it was cut. */
  async exactly(count: number): Promise<Buffer | undefined> {
    if (this.#rest.length >= count) return this.#take(count);
    const parts: Buffer[] = [];
    for (let left = count; left > 0; ) {
      const part = await this.some(left);
      if (!part) {
        if (parts.length === 0) return undefined;
        throw new ArchiveError("The archive ends in the middle: it was cut off.");
      }
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Ends the source. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  #take(limit: number): Buffer {
    const part = this.#rest.subarray(0, limit);
    this.#rest = this.#rest.subarray(part.length);
    this.position += part.length;
    return part;
  }
}

import type { LineAssembler } from "./line-assembler.ts";

/** Bytes of a frame's head: stream (1 stdout, 2 stderr; 0 is stdin's echo), three zeros, length in big endian. */
const headBytes = 8;

export interface LogParser {
  /** Takes the next bytes as they came; complete lines go to the sink before this returns. */
  push(chunk: Buffer): void;
  /** The stream has ended: what is left of a line goes to the sink. */
  end(): void;
}

/**
 * Docker's multiplexed stream (`application/vnd.docker.multiplexed-stream`), cut anywhere. Nothing is copied and
 * nothing is allocated for a frame that lies in one chunk.
 */
export class FrameParser implements LogParser {
  readonly #lines: LineAssembler;
  #head = 0;
  #size = 0;
  #source: 1 | 2 = 1;
  /** Bytes of the present frame that are still to come. */
  #remaining = 0;

  constructor(lines: LineAssembler) {
    this.#lines = lines;
  }

  push(chunk: Buffer): void {
    const lines = this.#lines;
    lines.enter(chunk);
    let at = 0;
    while (at < chunk.length) {
      if (this.#remaining === 0) {
        at = this.#readHead(chunk, at);
        if (this.#head !== 0) return;
        if (this.#remaining === 0) continue;
        lines.openFrame(this.#source);
      }
      const end = Math.min(at + this.#remaining, chunk.length);
      this.#remaining -= end - at;
      lines.take(at, end);
      at = end;
      if (this.#remaining === 0) lines.closeFrame();
    }
  }

  end(): void {
    this.#lines.flush();
  }

  /** Reads what the chunk has of the head; `#head` is 0 when the head is complete. */
  #readHead(chunk: Buffer, start: number): number {
    if (this.#head === 0 && chunk.length - start >= headBytes) {
      this.#source = chunk[start] === 2 ? 2 : 1;
      this.#remaining = chunk.readUInt32BE(start + 4);
      return start + headBytes;
    }
    let at = start;
    while (at < chunk.length) {
      const byte = chunk[at++] ?? 0;
      if (this.#head === 0) this.#source = byte === 2 ? 2 : 1;
      else if (this.#head >= 4) this.#size = this.#size * 256 + byte;
      this.#head += 1;
      if (this.#head < headBytes) continue;
      this.#remaining = this.#size;
      this.#head = 0;
      this.#size = 0;
      break;
    }
    return at;
  }
}

/** The stream of a container with a terminal: bare bytes, all of them stdout. */
export class RawParser implements LogParser {
  readonly #lines: LineAssembler;

  constructor(lines: LineAssembler) {
    this.#lines = lines;
  }

  push(chunk: Buffer): void {
    this.#lines.enter(chunk);
    this.#lines.take(0, chunk.length);
  }

  end(): void {
    this.#lines.flush();
  }
}

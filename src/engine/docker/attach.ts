import type { Duplex } from "node:stream";

/** Bytes of a frame's head: stream (1 stdout, 2 stderr), three zeros, length in big endian. */
const headBytes = 8;

export interface Outputs {
  readonly onStdout: (bytes: Buffer) => void;
  readonly onStderr: (bytes: Buffer) => void;
}

/** Splits Docker's multiplexed stream, however it is cut (Engine API, "Stream format" of attach). */
export class Demultiplexer {
  readonly #outputs: Outputs;
  #head: Buffer = Buffer.alloc(0);
  #left = 0;
  #isStderr = false;

  constructor(outputs: Outputs) {
    this.#outputs = outputs;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#left === 0) {
        const wanted = headBytes - this.#head.length;
        this.#head = Buffer.concat([this.#head, rest.subarray(0, wanted)]);
        rest = rest.subarray(wanted);
        if (this.#head.length < headBytes) return;
        this.#isStderr = this.#head[0] === 2;
        this.#left = this.#head.readUInt32BE(4);
        this.#head = Buffer.alloc(0);
        continue;
      }
      const part = rest.subarray(0, this.#left);
      this.#left -= part.length;
      rest = rest.subarray(part.length);
      if (this.#isStderr) this.#outputs.onStderr(part);
      else this.#outputs.onStdout(part);
    }
  }
}

/** Feeds a hijacked connection to the outputs until it closes. */
export function demultiplex(connection: Duplex, outputs: Outputs): void {
  const demultiplexer = new Demultiplexer(outputs);
  connection.on("data", (chunk: Buffer) => demultiplexer.push(chunk));
}

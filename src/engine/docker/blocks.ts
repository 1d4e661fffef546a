import type { OnReadOpts } from "node:net";
import type { Duplex } from "node:stream";
import { Bell } from "../bell.ts";
import { AnswerReader } from "./answer-reader.ts";
import { ConnectionLostError, engineMessage, StatusError } from "./errors.ts";

/** Large enough that a write to disk or a trip to a compressor's thread costs little beside it. */
const blockBytes = 1 << 20;
/** As much as a unix socket holds. */
const readBytes = 256 * 1024;
/** An error body beyond this is no sentence. */
const maxErrorBytes = 64 * 1024;

/** A large body. Each block is good only until the next one is asked for: its memory is used again. */
export type Blocks = AsyncIterable<Buffer>;

export interface BlockOptions {
  /** With its query. */
  readonly path: string;
  readonly signal: AbortSignal;
  /** Asks in HTTP/1.0, which has no chunks: the body then ends with the connection, also where that is cut. */
  readonly withoutChunks?: boolean;
  /** The blocks are in memory that other threads can be given to read. */
  readonly shared?: boolean;
}

/** Makes a connection, which reads into the one buffer and calls back where it can, and emits `data` where it cannot. */
type Dial = (onread: OnReadOpts) => Duplex;

function newBlock(shared: boolean): Buffer {
  return shared ? Buffer.from(new SharedArrayBuffer(blockBytes)) : Buffer.allocUnsafeSlow(blockBytes);
}

const never = new AbortController().signal;

/**
 * A GET past node:http, for gigabytes: that allocates memory for each 64 KiB of a body, and collecting it as garbage
 * costs more than everything else together. Here two blocks serve the whole body, one filled while the other is used.
 */
export class BlockRequest {
  readonly #connection: Duplex;
  readonly #answer = new AnswerReader();
  readonly #bell = new Bell();
  #filling: Buffer;
  #filled = 0;
  #spare: Buffer | undefined;
  #full: Buffer | undefined;
  /** What was read and found no room. */
  #rest: Buffer | undefined;
  #isClosed = false;
  #failure: unknown;

  constructor(dial: Dial, { path, signal, withoutChunks = false, shared = false }: BlockOptions) {
    this.#filling = newBlock(shared);
    this.#spare = newBlock(shared);
    const buffer = Buffer.allocUnsafeSlow(readBytes);
    const callback = (count: number): boolean => this.#take(buffer.subarray(0, count));
    const connection = dial({ buffer, callback });
    this.#connection = connection;
    const cut = (): void => void connection.destroy(new DOMException("cancelled", "AbortError"));
    if (signal.aborted) cut();
    signal.addEventListener("abort", cut, { once: true });
    connection.on("data", (chunk: Buffer) => {
      if (!this.#take(chunk)) connection.pause();
    });
    connection.on("error", (error) => this.#fail(error));
    connection.once("end", () => connection.destroy());
    connection.once("close", () => {
      signal.removeEventListener("abort", cut);
      this.#isClosed = true;
      this.#checkEnd();
    });
    connection.write(`GET ${path} HTTP/1.${withoutChunks ? 0 : 1}\r\nHost: docker\r\nConnection: close\r\n\r\n`);
  }

  /** The body, once the head is there and its status is 2xx. Errors: StatusError; whatever the connection throws. */
  async open(): Promise<Blocks> {
    while (this.#answer.status === undefined) await this.#wait();
    const { status } = this.#answer;
    if (status >= 200 && status < 300) return this.#blocks();
    throw new StatusError(status, await this.#sentence());
  }

  async *#blocks(): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        const full = this.#full;
        if (full) {
          this.#full = undefined;
          yield full;
          this.#spare = full;
          this.#goOn();
        } else if (this.#answer.ended && !this.#failure) {
          if (this.#filled > 0) yield this.#filling.subarray(0, this.#filled);
          return;
        } else await this.#wait();
      }
    } finally {
      this.#connection.destroy();
    }
  }

  async #sentence(): Promise<string> {
    let text = "";
    for await (const block of this.#blocks()) {
      text += block.toString("utf8");
      if (text.length > maxErrorBytes) break;
    }
    try {
      return engineMessage(JSON.parse(text)) ?? "";
    } catch {
      return `the answer was status ${this.#answer.status}`;
    }
  }

  async #wait(): Promise<void> {
    if (this.#failure) throw this.#failure;
    await this.#bell.wait(never);
    if (this.#failure) throw this.#failure;
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#connection.destroy();
    this.#bell.ring();
  }

  /** False where there is no room for more. */
  #take(bytes: Buffer): boolean {
    try {
      const used = this.#answer.read(bytes, (part) => this.#fill(part));
      this.#rest = used < bytes.length && !this.#answer.ended ? bytes.subarray(used) : undefined;
    } catch (error) {
      this.#fail(error);
    }
    this.#bell.ring();
    return this.#rest === undefined;
  }

  #fill(part: Buffer): number {
    let taken = 0;
    while (taken < part.length && this.#hasRoom()) {
      const count = part.copy(this.#filling, this.#filled, taken);
      this.#filled += count;
      taken += count;
    }
    this.#hasRoom();
    return taken;
  }

  /** Puts a block that is full aside for the reader, and begins the other one if that is free. */
  #hasRoom(): boolean {
    if (this.#filled < blockBytes) return true;
    if (!this.#spare) return false;
    this.#full = this.#filling;
    this.#filling = this.#spare;
    this.#spare = undefined;
    this.#filled = 0;
    return true;
  }

  #goOn(): void {
    this.#hasRoom();
    if (!this.#rest || !this.#take(this.#rest)) return;
    this.#connection.resume();
    this.#checkEnd();
  }

  #checkEnd(): void {
    if (!this.#isClosed || this.#rest) return;
    if (!this.#answer.close()) this.#fail(new ConnectionLostError("the answer was cut off"));
    this.#bell.ring();
  }
}

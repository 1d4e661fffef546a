import { UnexpectedAnswerError } from "./errors.ts";

/** Longer than any line of a head that an engine writes. */
const maxLineBytes = 64 * 1024;
const lineFeed = 0x0a;

type Expected = "status" | "header" | "chunk size" | "end of chunk" | "trailer";

/**
 * One HTTP/1.1 answer (RFC 9112) from bytes that come in pieces of any size. Parts of the body are handed over where they
 * lie, without the framing of chunks and without a copy.
 */
export class AnswerReader {
  /** Undefined until the head is whole. */
  status: number | undefined;
  ended = false;
  #seenStatus = 0;
  #expected: Expected = "status";
  #line = "";
  #bodyLeft = 0;
  #chunked = false;
  #lengthBytes = Number.POSITIVE_INFINITY;

  /** `take` says how many bytes of a part it took; fewer than all end the reading. Gives the number of bytes used up. */
  read(bytes: Buffer, take: (part: Buffer) => number): number {
    let at = 0;
    while (at < bytes.length && !this.ended) {
      if (this.#bodyLeft === 0) {
        at += this.#readLine(bytes, at);
        continue;
      }
      const part = bytes.subarray(at, at + this.#bodyLeft);
      const taken = take(part);
      this.#bodyLeft -= taken;
      at += taken;
      if (this.#bodyLeft === 0 && !this.#chunked) this.ended = true;
      if (taken < part.length) break;
    }
    return at;
  }

  /** The connection has ended. False where the answer was cut off. */
  close(): boolean {
    const isWhole = this.ended || (this.status !== undefined && this.#bodyLeft === Number.POSITIVE_INFINITY);
    this.ended = true;
    return isWhole;
  }

  #readLine(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(lineFeed, at);
    this.#line += bytes.toString("latin1", at, end < 0 ? bytes.length : end);
    if (this.#line.length > maxLineBytes) throw new UnexpectedAnswerError("a line without an end");
    if (end < 0) return bytes.length - at;
    const line = this.#line.replace(/\r$/, "");
    this.#line = "";
    this.#take(line);
    return end + 1 - at;
  }

  #take(line: string): void {
    switch (this.#expected) {
      case "status":
        this.#seenStatus = Number(/^HTTP\/1\.[01] (\d{3})\b/.exec(line)?.[1]);
        if (Number.isNaN(this.#seenStatus)) throw new UnexpectedAnswerError("no HTTP");
        this.#expected = "header";
        return;
      case "header":
        if (line === "") this.#beginBody();
        else this.#takeHeader(line.toLowerCase());
        return;
      case "chunk size":
        this.#bodyLeft = Number.parseInt(/^[0-9a-f]{1,12}(?=\s*(;|$))/i.exec(line)?.[0] ?? "", 16);
        if (Number.isNaN(this.#bodyLeft)) throw new UnexpectedAnswerError("a broken chunk");
        this.#expected = this.#bodyLeft === 0 ? "trailer" : "end of chunk";
        return;
      case "end of chunk":
        if (line !== "") throw new UnexpectedAnswerError("a broken chunk");
        this.#expected = "chunk size";
        return;
      case "trailer":
        this.ended = line === "";
        return;
    }
  }

  #takeHeader(line: string): void {
    if (/^transfer-encoding:.*\bchunked\s*$/.test(line)) this.#chunked = true;
    const length = /^content-length:\s*(\d+)\s*$/.exec(line)?.[1];
    if (length !== undefined) this.#lengthBytes = Number(length);
  }

  #beginBody(): void {
    this.status = this.#seenStatus;
    this.#expected = "chunk size";
    if (!this.#chunked) this.#bodyLeft = this.#lengthBytes;
    this.ended = !this.#chunked && this.#lengthBytes === 0;
  }
}

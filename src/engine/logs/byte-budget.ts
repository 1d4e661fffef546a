/** Spends bytes no faster than they come in, apart from bursts. */
export class ByteBudget {
  bytesPerSecond: number;
  readonly #burstBytes: number;
  #bytes: number;
  #at = performance.now();

  constructor({ bytesPerSecond, burstBytes }: { bytesPerSecond: number; burstBytes: number }) {
    this.bytesPerSecond = bytesPerSecond;
    this.#burstBytes = burstBytes;
    this.#bytes = burstBytes;
  }

  /** How many milliseconds to wait before so many bytes may be read. */
  take(bytes: number): number {
    const now = performance.now();
    this.#bytes = Math.min(this.#burstBytes, this.#bytes + ((now - this.#at) / 1000) * this.bytesPerSecond);
    this.#at = now;
    this.#bytes -= bytes;
    return this.#bytes >= 0 ? 0 : (-this.#bytes / this.bytesPerSecond) * 1000;
  }
}

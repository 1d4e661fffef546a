/** Long enough to smooth bursts, short enough that a stall shows at once. */
const windowMs = 3_000;
/** Below this the figure would jump. */
const shortestSpanMs = 400;
/** Samples closer together than this are one. */
const sampleEveryMs = 100;

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** Bytes a second over the last seconds, from a running total; times are of a monotonic clock. */
export class Speed {
  #samples: Sample[] = [];

  /** Notes the total; one that shrinks (a layer that starts again) begins anew. */
  add(bytes: number, atMs: number = performance.now()): void {
    const last = this.#samples.at(-1);
    if (last && bytes < last.bytes) this.#samples = [];
    else if (last && atMs - last.atMs < sampleEveryMs) return;
    this.#samples.push({ atMs, bytes });
    while ((this.#samples[1]?.atMs ?? Number.POSITIVE_INFINITY) < atMs - windowMs) this.#samples.shift();
  }

  /** Undefined until there is enough to tell. */
  perSecond(): number | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.atMs - first.atMs < shortestSpanMs) return undefined;
    return Math.round(((last.bytes - first.bytes) / (last.atMs - first.atMs)) * 1000);
  }
}

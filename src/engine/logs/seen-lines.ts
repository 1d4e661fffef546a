/** Lines that are remembered: twice as many as the engine is asked for when a log is read again. */
const remembered = 20_000;
/** A log that is read again has gone past all that was seen after so many new lines. */
const longestRereading = 1_200_000;

/**
 * Finds, in a log that is read again from somewhere before its end, the lines that were not seen before. Lines have no
 * numbers, so each is told by its time, and of equal times by how many there were. That also holds where the clock went
 * back in between.
 */
export class SeenLines {
  /** Times of the last lines, seconds and nanoseconds in turn. */
  #ring = new Uint32Array(512);
  #count = 0;
  /** How often each time is still to come up again; undefined while all lines are new. */
  #expected: Map<number, number> | undefined;
  /** The line that was seen last, as its key. */
  #last = 0;
  #found = false;
  #missed = false;
  #passed = 0;

  /** The log is read again from here on. */
  restart(): void {
    this.#missed = false;
    this.#found = false;
    this.#passed = 0;
    this.#expected = undefined;
    if (this.#count === 0) return;
    const expected = new Map<number, number>();
    for (let at = this.#first; at < this.#count; at += 1) {
      const key = keyOf(this.#secondsOf(at), this.#nanosOf(at));
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    this.#expected = expected;
    this.#last = keyOf(this.#secondsOf(this.#count - 1), this.#nanosOf(this.#count - 1));
  }

  /** True for a new line, which is then remembered. */
  accept(seconds: number, nanos: number): boolean {
    if (this.#expected && this.#isKnown(this.#expected, seconds, nanos)) return false;
    this.remember(seconds, nanos);
    return true;
  }

  remember(seconds: number, nanos: number): void {
    const capacity = this.#ring.length / 2;
    if (this.#count === capacity && capacity < remembered) {
      const grown = new Uint32Array(Math.min(capacity * 4, remembered) * 2);
      grown.set(this.#ring);
      this.#ring = grown;
    }
    const slot = (this.#count % (this.#ring.length / 2)) * 2;
    this.#ring[slot] = seconds;
    this.#ring[slot + 1] = nanos;
    this.#count += 1;
  }

  /** Whether a line before the last one has exactly that time. */
  hadEarlier(seconds: number, nanos: number): boolean {
    for (let at = this.#count - 2; at >= this.#first; at -= 1) {
      if (this.#nanosOf(at) === nanos && this.#secondsOf(at) === seconds) return true;
    }
    return false;
  }

  /** True once where the log, read again, does not reach back to what was seen: lines between are missing. */
  takeMissed(): boolean {
    const missed = this.#missed;
    this.#missed = false;
    return missed;
  }

  get #first(): number {
    return Math.max(0, this.#count - this.#ring.length / 2);
  }

  #secondsOf(at: number): number {
    return this.#ring[(at * 2) % this.#ring.length] ?? 0;
  }

  #nanosOf(at: number): number {
    return this.#ring[((at * 2) % this.#ring.length) + 1] ?? 0;
  }

  #isKnown(expected: Map<number, number>, seconds: number, nanos: number): boolean {
    const key = keyOf(seconds, nanos);
    const left = expected.get(key) ?? 0;
    if (left > 0) {
      this.#found = true;
      expected.set(key, left - 1);
      // What follows the last line that was seen is new, whatever its time.
      if (left === 1 && key === this.#last) this.#expected = undefined;
      return true;
    }
    if (!this.#found && this.#isBeforeAll(seconds, nanos)) return true;
    if (!this.#found) {
      this.#missed = true;
      this.#expected = undefined;
      return false;
    }
    this.#passed += 1;
    if (this.#passed > longestRereading) this.#expected = undefined;
    return false;
  }

  #isBeforeAll(seconds: number, nanos: number): boolean {
    return (seconds - this.#secondsOf(this.#first) || nanos - this.#nanosOf(this.#first)) < 0;
  }
}

/** A time as one number: nanoseconds within 48 days, far longer than what is read again. */
function keyOf(seconds: number, nanos: number): number {
  return (seconds % 2 ** 22) * 2 ** 30 + nanos;
}

/**
 * Finds, in a log that is read again from somewhere before its end, the first line that was not seen before. Lines
 * have no numbers, so the place is told by the last line's time and by how many lines had that same time.
 */
export class ResumeFilter {
  #seconds = 0;
  #nanos = 0;
  /** Lines seen with exactly that time. */
  #equal = 0;
  /** Lines with that time that are still to be passed over; -1 when lines are new. */
  #pending = -1;
  /** True where the last line seen did not come up again: lines between may be missing. */
  missed = false;

  /** The log is read again from here on. */
  restart(): void {
    this.missed = false;
    this.#pending = this.#equal > 0 ? this.#equal : -1;
  }

  /** True for a new line, which is then the last one seen. */
  accept(seconds: number, nanos: number): boolean {
    if (this.#pending >= 0 && !this.#isPast(seconds, nanos)) return false;
    if (seconds === this.#seconds && nanos === this.#nanos) this.#equal += 1;
    else {
      this.#seconds = seconds;
      this.#nanos = nanos;
      this.#equal = 1;
    }
    return true;
  }

  /** Whether a line lies behind the last seen one; the search is over then, whatever the clock does later. */
  #isPast(seconds: number, nanos: number): boolean {
    const order = seconds - this.#seconds || nanos - this.#nanos;
    if (order < 0) return false;
    if (order === 0 && this.#pending > 0) {
      this.#pending -= 1;
      return false;
    }
    this.missed = this.#pending === this.#equal;
    this.#pending = -1;
    return true;
  }
}

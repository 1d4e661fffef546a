/** Integers in a row, addressed by positions that stay the same while the row grows and shrinks at both ends. */
export class IntDeque {
  /** Position of the first entry. */
  first: number;
  #data = new Int32Array(1024);
  #head = 0;
  #length = 0;

  constructor(first = 0) {
    this.first = first;
  }

  get length(): number {
    return this.#length;
  }

  /** Position behind the last entry. */
  get end(): number {
    return this.first + this.#length;
  }

  push(value: number): void {
    if (this.#head + this.#length === this.#data.length) this.#makeRoom();
    this.#data[this.#head + this.#length] = value;
    this.#length += 1;
  }

  at(position: number): number {
    return this.#data[this.#head + position - this.first] ?? 0;
  }

  /** Drops what is at or behind a position. */
  truncate(end: number): void {
    this.#length = Math.max(0, Math.min(this.#length, end - this.first));
  }

  /** Drops what is before a position. */
  dropBefore(position: number): void {
    const count = Math.max(0, Math.min(this.#length, position - this.first));
    this.#head += count;
    this.#length -= count;
    this.first += count;
  }

  /** Replaces all before `position` by other entries, which end there. */
  replaceBefore(position: number, values: readonly number[]): void {
    this.dropBefore(position);
    if (values.length > this.#head) {
      const tail = this.#data.slice(this.#head, this.#head + this.#length);
      this.#data = new Int32Array(values.length + tail.length + 1024);
      this.#data.set(tail, values.length);
      this.#head = values.length;
    }
    this.#head -= values.length;
    this.#data.set(values, this.#head);
    this.#length += values.length;
    this.first = position - values.length;
  }

  /** The first position whose entry is at least `value`, where entries ascend. */
  lowerBound(value: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#data[this.#head + middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return this.first + low;
  }

  #makeRoom(): void {
    const live = this.#data.subarray(this.#head, this.#head + this.#length);
    // Where much was dropped at the front, moving is enough.
    const target = this.#length * 2 > this.#data.length ? new Int32Array(this.#data.length * 2) : this.#data;
    target.set(live);
    this.#data = target;
    this.#head = 0;
  }
}

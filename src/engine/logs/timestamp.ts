/**
 * Times as Docker writes them before each line (`timestamps=1`): RFC 3339 with nanoseconds, then one space. Kept as
 * whole seconds and nanoseconds, because a double cannot hold nanoseconds since 1970.
 */

const space = 0x20;
const zero = 0x30;
/** `2026-11-24T00:10:35` */
const secondsLength = 19;
/** An offset such as `+02:00` after nine digits is the longest prefix; beyond it there is no timestamp. */
export const maxTimestampLength = 36;

function digits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at += 1) {
    const digit = (bytes[at] ?? 0) - zero;
    // Also true for NaN-free garbage: anything that is no digit spoils the whole prefix.
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Reads timestamp prefixes; one day's start is remembered, because nearly all lines of a log share it. */
export class TimestampReader {
  seconds = 0;
  nanos = 0;
  #date = -1;
  #dayStart = 0;

  /** The length of the prefix with its space, or 0 where there is none; the time is then in `seconds` and `nanos`. */
  read(bytes: Uint8Array, start: number, end: number): number {
    if (end - start <= secondsLength || bytes[start + 10] !== 0x54 || bytes[start + 4] !== 0x2d) return 0;
    const year = digits(bytes, start, 4);
    const month = digits(bytes, start + 5, 2);
    const day = digits(bytes, start + 8, 2);
    const hour = digits(bytes, start + 11, 2);
    const minute = digits(bytes, start + 14, 2);
    const second = digits(bytes, start + 17, 2);
    if ((year | month | day | hour | minute | second) < 0) return 0;
    const fractionEnd = this.#readFraction(bytes, start + secondsLength, end);
    const zoneEnd = this.#readZone(bytes, fractionEnd, end);
    if (zoneEnd === 0 || zoneEnd >= end || bytes[zoneEnd] !== space) return 0;
    const date = (year * 100 + month) * 100 + day;
    if (date !== this.#date) {
      this.#date = date;
      this.#dayStart = Date.UTC(year, month - 1, day) / 1000;
    }
    this.seconds = this.#dayStart + hour * 3600 + minute * 60 + second - this.#offsetSeconds;
    return zoneEnd + 1 - start;
  }

  #offsetSeconds = 0;

  #readFraction(bytes: Uint8Array, start: number, end: number): number {
    this.nanos = 0;
    if (bytes[start] !== 0x2e) return start;
    let at = start + 1;
    let scale = 100_000_000;
    let nanos = 0;
    while (at < end) {
      const digit = (bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 9) break;
      nanos += digit * scale;
      scale /= 10;
      at += 1;
    }
    this.nanos = Math.floor(nanos);
    return at;
  }

  /** The offset behind `Z` or `±hh:mm`, or 0. */
  #readZone(bytes: Uint8Array, at: number, end: number): number {
    this.#offsetSeconds = 0;
    const sign = bytes[at];
    if (sign === 0x5a) return at + 1;
    if ((sign !== 0x2b && sign !== 0x2d) || at + 6 > end) return 0;
    const hours = digits(bytes, at + 1, 2);
    const minutes = digits(bytes, at + 4, 2);
    if ((hours | minutes) < 0) return 0;
    this.#offsetSeconds = (hours * 3600 + minutes * 60) * (sign === 0x2d ? -1 : 1);
    return at + 6;
  }
}

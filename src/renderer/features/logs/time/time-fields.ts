import type { TimestampMode } from "../text/time-format.ts";

/** A time as a `datetime-local` field writes it, in UTC where timestamps are shown so. */
export function writeField(time: number | undefined, mode: TimestampMode): string {
  if (time === undefined || !Number.isFinite(time)) return "";
  const offsetMs = mode === "utc" ? 0 : new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - offsetMs).toISOString().slice(0, -1);
}

/** The time in such a field; undefined where it is empty. */
export function readField(text: string, mode: TimestampMode): number | undefined {
  if (text === "") return undefined;
  const time = new Date(mode === "utc" ? `${text}Z` : text).getTime();
  return Number.isNaN(time) ? undefined : time;
}

import type { Settings } from "#contract";

export type TimestampMode = Settings["logTimestamps"];

const locale = (): string => document.documentElement.lang || "en";

/** Seconds, minutes, hours or days ago, short enough for a column. */
function ago(time: number, now: number, relative: Intl.RelativeTimeFormat): string {
  const seconds = Math.min(0, Math.round((time - now) / 1000));
  if (seconds > -60) return relative.format(seconds, "second");
  if (seconds > -3600) return relative.format(Math.trunc(seconds / 60), "minute");
  if (seconds > -86_400) return relative.format(Math.trunc(seconds / 3600), "hour");
  return relative.format(Math.trunc(seconds / 86_400), "day");
}

interface FormatFacts {
  /** The lines are not all of today. */
  readonly withDate: boolean;
  readonly now: number;
}

/** Writes times of lines in one column; undefined where none is wanted. */
export function timeFormatter(
  mode: TimestampMode,
  { withDate, now }: FormatFacts,
): ((time: number) => string) | undefined {
  if (mode === "off") return undefined;
  if (mode === "relative") {
    const relative = new Intl.RelativeTimeFormat(locale(), { style: "narrow" });
    return (time) => ago(time, now, relative);
  }
  const format = new Intl.DateTimeFormat(locale(), {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
    ...(withDate ? { month: "short", day: "2-digit" } : {}),
    ...(mode === "utc" ? { timeZone: "UTC" } : {}),
  });
  return (time) => format.format(time);
}

/** Width of the column in characters. */
export function timeColumns(mode: TimestampMode, withDate: boolean): number {
  if (mode === "off") return 0;
  if (mode === "relative") return 8;
  return withDate ? 21 : 12;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one costs far more than using it. */
function formatOf(kind: "full" | "short", mode: TimestampMode): Intl.DateTimeFormat {
  const key = `${locale()}:${kind}:${mode === "utc"}`;
  let format = formats.get(key);
  if (!format) {
    const zone = mode === "utc" ? { timeZone: "UTC" } : {};
    const parts = kind === "full" ? ({ dateStyle: "medium" } as const) : ({ hourCycle: "h23" } as const);
    format = new Intl.DateTimeFormat(locale(), { timeStyle: "medium", ...parts, ...zone });
    formats.set(key, format);
  }
  return format;
}

/** Date and time to the second, in the zone that the timestamps are shown in. */
export function fullTime(time: number, mode: TimestampMode): string {
  return formatOf("full", mode).format(time);
}

/** Time to the second, for the edges of ranges of today. */
export function shortTime(time: number, mode: TimestampMode): string {
  const isToday = new Date(time).toDateString() === new Date().toDateString();
  return isToday ? formatOf("short", mode).format(time) : fullTime(time, mode);
}

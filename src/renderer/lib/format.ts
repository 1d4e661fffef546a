/** The language of the screen; numbers and dates follow it. */
function locale(): string {
  return document.documentElement.lang || "en";
}

/** One of each kind: making one costs far more than using it, and a list or a live log writes many at each frame. */
function kept<T>(make: (locale: string, ...digits: number[]) => T): (...digits: number[]) => T {
  const made = new Map<string, T>();
  return (...digits) => {
    const key = [locale(), ...digits].join(":");
    const format = made.get(key) ?? make(locale(), ...digits);
    made.set(key, format);
    return format;
  };
}

const numberFormat = kept(
  (language, minimumFractionDigits, maximumFractionDigits) =>
    new Intl.NumberFormat(language, { minimumFractionDigits, maximumFractionDigits }),
);
const relativeFormat = kept((language) => new Intl.RelativeTimeFormat(language, { numeric: "auto" }));
const timeFormat = kept((language) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }));

const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Bytes in decimal units, as Docker shows them: `12.3 MB`. */
export function formatBytes(sizeBytes: number): string {
  const exponent = Math.min(units.length - 1, sizeBytes < 1 ? 0 : Math.floor(Math.log10(sizeBytes) / 3));
  const value = sizeBytes / 1000 ** exponent;
  const digits = exponent === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${numberFormat(digits, digits).format(value)}\u00a0${units[exponent] ?? "B"}`;
}

export function formatNumber(value: number): string {
  return numberFormat(0, 3).format(value);
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** How long ago, in one unit: `3 hours ago`. */
export function formatAgo(timeMs: number, nowMs: number = Date.now()): string {
  const seconds = Math.round((timeMs - nowMs) / 1000);
  const [unit, size] = steps.find(([, step]) => Math.abs(seconds) >= step) ?? ["second", 1];
  return relativeFormat().format(Math.trunc(seconds / size), unit);
}

/** Date and time to the second, in the user's zone. */
export function formatTime(timeMs: number): string {
  return timeFormat().format(timeMs);
}

/** A duration in its two largest units: `2 h 5 min`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) return "0\u00a0s";
  const shown = parts.slice(first, first + 2).filter(([value]) => value > 0);
  return shown.map(([value, unit]) => `${value}\u00a0${unit}`).join(" ");
}

/** A short time to the tenth of a second: `4.2 s`; from a minute on as `formatDuration`. */
export function formatSeconds(durationMs: number): string {
  if (durationMs >= 60_000) return formatDuration(durationMs);
  return `${numberFormat(1, 1).format(durationMs / 1000)}\u00a0s`;
}

/** Bytes in binary units, as memory and disks are given to a machine: `2 GiB`. */
export function formatGibibytes(sizeBytes: number): string {
  return `${numberFormat(0, 2).format(sizeBytes / 2 ** 30)}\u00a0GiB`;
}

/** The twelve characters by which people know an id. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}

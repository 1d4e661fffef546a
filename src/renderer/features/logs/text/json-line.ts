import type { Json } from "../../../components/ui/json-search.ts";

/** Longer ones are not looked at; a row has at most 8 KiB unless the whole line was asked for. */
const mostChars = 1 << 20;

/** The object or list that a line ends with, as structured loggers write it; undefined where there is none. */
export function jsonOf(text: string): Json | undefined {
  const trimmed = text.trimEnd();
  const last = trimmed.at(-1);
  if ((last !== "}" && last !== "]") || trimmed.length > mostChars) return undefined;
  const start = trimmed.search(/[{[]/);
  if (
    start < 0 ||
    !(
      trimmed.startsWith('{"', start) ||
      trimmed.startsWith("[{", start) ||
      /^\{\s*"/.test(trimmed.slice(start, start + 8))
    )
  )
    return undefined;
  try {
    const value: Json = JSON.parse(trimmed.slice(start));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

/** A search for lines whose JSON has this field with this value, however it is spaced. */
export function fieldPattern(key: string, value: string | number | boolean | null): string {
  return String.raw`${escaped(JSON.stringify(key))}\s*:\s*${escaped(JSON.stringify(value))}`;
}

import type { LogQuery } from "#contract/log-filter.ts";
import type { Needle } from "./arena.ts";

/** How common a byte is in logs, roughly; the search first looks for the rarest two. */
function commonness(byte: number): number {
  const char = String.fromCharCode(byte);
  if (" e0".includes(char)) return 10;
  if ("atoinsr1".includes(char)) return 9;
  if (/[a-z2-9]/.test(char)) return 7;
  if (/[-=:./"T]/.test(char)) return 6;
  if (/[A-Z]/.test(char)) return 5;
  return byte >= 0x80 ? 3 : 2;
}

function probes(bytes: Uint8Array): [number, number] {
  const order = [...bytes.keys()].sort((a, b) => commonness(bytes[a] ?? 0) - commonness(bytes[b] ?? 0) || b - a);
  return [order[0] ?? 0, order[1] ?? 0];
}

/** The bytes of a literal query, or undefined where only a regular expression can do it: letters beyond ASCII without case. */
export function literalNeedle({ text, caseSensitive }: LogQuery): Needle | undefined {
  const bytes = Buffer.from(text, "utf8");
  const folds = new Uint8Array(bytes.length);
  if (!caseSensitive) {
    if (bytes.some((byte) => byte >= 0x80) && text.toLowerCase() !== text.toUpperCase()) {
      const beyond = Array.from(text).filter((char) => char > "\x7f");
      if (beyond.some((char) => char.toLowerCase() !== char.toUpperCase())) return undefined;
    }
    for (const [index, byte] of bytes.entries()) {
      const lower = byte | 0x20;
      if (lower < 0x61 || lower > 0x7a || byte >= 0x80) continue;
      bytes[index] = lower;
      folds[index] = 0x20;
    }
  }
  return { bytes, folds, probes: probes(bytes) };
}

/** A literal text as the source of a regular expression. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

import type { Block } from "./block.ts";
import { lineFlags } from "./block.ts";

/** Lower bits of an entry of `Block.levels`: index into `logLevels`. */
export const levelMask = 7;
/** The line belongs to the stack trace of the line before. */
export const traceBit = 8;

const byName: Readonly<Record<string, number>> = {
  trace: 1,
  verbose: 1,
  finest: 1,
  debug: 2,
  dbg: 2,
  fine: 2,
  info: 3,
  information: 3,
  inf: 3,
  notice: 3,
  log: 3,
  warn: 4,
  warning: 4,
  wrn: 4,
  error: 5,
  err: 5,
  severe: 5,
  fatal: 6,
  ftl: 6,
  critical: 6,
  crit: 6,
  panic: 6,
  emerg: 6,
  alert: 6,
};

/** A level stands near the beginning, behind time, thread and the like. */
const headBytes = 160;
/** JSON may have its level behind a long message. */
const jsonBytes = 2048;

const jsonLevel = /"(?:level|lvl|severity|log\.level|levelname|loglevel)"\s*:\s*(?:"([A-Za-z]+)"|(\d+))/i;
const logfmtLevel = /(?:^|\s)(?:level|lvl|severity)=["']?([A-Za-z]+)/;
const spoken =
  /^(?:[^A-Za-z]*|[^\s[]+\s+)?[[<(]?(trace|debug|info|notice|warn(?:ing)?|error|fatal|critical|panic)[\]>):]/i;
const klog = /^([IWEF])\d{4} \d\d:\d\d/;
const klogLevels: Readonly<Record<string, number>> = { I: 3, W: 4, E: 5, F: 6 };
// biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with ESC.
const colours = /\x1b\[[0-9;]*m/g;

/** Numbers of pino and bunyan: 10 trace, 20 debug, … 60 fatal. */
function numericLevel(digits: string): number {
  const value = Number(digits);
  return value >= 10 && value <= 60 ? Math.floor(value / 10) : 0;
}

/** Bytes that may stand before and behind a level's word. */
const boundary = new Uint8Array(256);
for (const char of " \t[](){}<>|:;,/='\"-") boundary[char.charCodeAt(0)] = 1;

const loudWords = new Map(
  Object.entries(byName)
    .filter(([word]) => !["log", "fine", "finest", "verbose", "information"].includes(word))
    .map(([word, level]) => [word.toUpperCase(), level]),
);

/** Where a colour sequence that begins at `at` ends. */
function behindColour(bytes: Buffer, at: number, end: number): number {
  let next = at + 2;
  while (next < end && (bytes[next] ?? 0) < 0x40) next += 1;
  return next;
}

/** The level that stands in capitals near the beginning, or 0. By bytes, because every line goes through it. */
function loudLevel(bytes: Buffer, start: number, end: number): number {
  let isStart = true;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x1b) {
      at = behindColour(bytes, at, end);
      isStart = true;
    } else if (isStart && byte >= 0x41 && byte <= 0x57) {
      let stop = at + 1;
      while (stop < end && (bytes[stop] ?? 0) >= 0x41 && (bytes[stop] ?? 0) <= 0x5a) stop += 1;
      const length = stop - at;
      const isWord = stop === end || boundary[bytes[stop] ?? 0] === 1 || bytes[stop] === 0x1b;
      if (isWord && length >= 3 && length <= 8) {
        const level = loudWords.get(bytes.toString("latin1", at, stop));
        if (level) return level;
      }
      at = stop - 1;
      isStart = false;
    } else isStart = boundary[byte] === 1;
  }
  return 0;
}

/** The level of a line that does not shout it: JSON, logfmt and prefixes. */
function quietLevel(text: string): number {
  const head = text.includes("\x1b") ? text.replace(colours, "") : text;
  if (/^\s*\{/.test(head)) {
    const found = jsonLevel.exec(head);
    if (found?.[1]) return byName[found[1].toLowerCase()] ?? 0;
    return found?.[2] ? numericLevel(found[2]) : 0;
  }
  const named = logfmtLevel.exec(head) ?? spoken.exec(head);
  if (named?.[1]) return byName[named[1].toLowerCase()] ?? 0;
  const short = klog.exec(head);
  return short?.[1] ? (klogLevels[short[1]] ?? 0) : 0;
}

const traceStart = /exception|error|traceback|panic|goroutine|fatal|caused by/i;
const traceLine =
  /^(?:\s+(?:at |\.\.\. |File "|from |\d+: |~?\[|in |\^|raise |throw )|\t\S|Caused by: |Suppressed: |goroutine \d)/;

function isTraceLine(text: string, previous: { text: string; entry: number }): boolean {
  const first = text.charCodeAt(0);
  const follows = (previous.entry & traceBit) !== 0;
  if (follows && (first === 0x20 || first === 0x09)) return true;
  if (!traceLine.test(text)) return false;
  return follows || (previous.entry & levelMask) >= 4 || traceStart.test(previous.text);
}

/** The level that a line names, as an index into `logLevels`, or 0. */
export function detectLevel(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start];
  if (first === 0x7b) return quietLevel(bytes.toString("latin1", start, Math.min(end, start + jsonBytes)));
  const limit = Math.min(end, start + headBytes);
  return loudLevel(bytes, start, limit) || quietLevel(bytes.toString("latin1", start, limit));
}

function headOf(block: Block, index: number): string {
  const { arena, offset } = block.slot;
  const start = offset + block.startOf(index);
  const end = offset + (block.ends[index] ?? 1) - 1;
  // A brace at the beginning may be JSON, which is looked at further.
  const limit = arena.bytes[start] === 0x7b ? jsonBytes : headBytes;
  return arena.bytes.toString("latin1", start, Math.min(end, start + limit));
}

/** The first byte of a line that may belong to a stack trace: a space, a tab, or the C, S and g of words at the margin. */
function mayBeTrace(first: number | undefined): boolean {
  return first === 0x20 || first === 0x09 || first === 0x43 || first === 0x53 || first === 0x67;
}

/** Fills `block.levels` for the lines that have none yet. `before` is the entry of the line before the block. */
export function fillLevels(block: Block, before: number): void {
  if (block.levels.length < block.count) {
    const grown = new Uint8Array(block.ends.length);
    grown.set(block.levels.subarray(0, block.levelled));
    block.levels = grown;
  }
  const { arena, offset } = block.slot;
  let entry = block.levelled > 0 ? (block.levels[block.levelled - 1] ?? 0) : before;
  for (let index = block.levelled; index < block.count; index += 1) {
    const start = offset + block.startOf(index);
    const end = offset + (block.ends[index] ?? 1) - 1;
    if ((block.flags[index] ?? 0) & lineFlags.divider) entry = 0;
    else {
      // A trace has the level of the line that it explains.
      const trace =
        mayBeTrace(arena.bytes[start]) &&
        isTraceLine(headOf(block, index), { text: index > 0 ? headOf(block, index - 1) : "", entry });
      entry = trace ? (entry & levelMask) | traceBit : detectLevel(arena.bytes, start, end);
    }
    block.levels[index] = entry;
  }
  block.levelled = block.count;
}

import type { LogQuery } from "#contract/log-filter.ts";
import type { RegexPattern } from "../worker/log-regex.ts";
import type { Needle } from "./arena.ts";
import { type Block, lineFlags } from "./block.ts";
import type { LineStore } from "./line-store.ts";
import { MatchBits } from "./match-bits.ts";
import { literalNeedle } from "./needle.ts";
import { regexPattern } from "./regex-pattern.ts";
import type { RegexRunner } from "./regex-runner.ts";

/** Bytes that a regular expression is given at once. */
const sliceBytes = 256 * 1024;

/** One search over any stores: which lines match, found block by block. */
export class Search {
  readonly query: LogQuery;
  readonly bits = new MatchBits();
  readonly #needle: Needle | undefined;
  readonly #pattern: RegexPattern | undefined;
  readonly #runner: RegexRunner;

  /** Errors: bad_request for an invalid expression. */
  constructor(query: LogQuery, runner: RegexRunner) {
    this.query = query;
    this.#runner = runner;
    this.#needle = query.regex ? undefined : literalNeedle(query);
    this.#pattern = this.#needle ? undefined : regexPattern(query);
  }

  /** Whether lines can be looked at without waiting. */
  get isLiteral(): boolean {
    return this.#needle !== undefined;
  }

  /** Looks at all lines of a block that were not yet looked at. Errors: SlowRegexError. */
  async scan(block: Block): Promise<void> {
    if (this.#needle) this.scanLiteral(block);
    else if (this.#pattern) await this.#scanRegex(block, this.#pattern);
  }

  /** The same for literal queries, at once. */
  scanLiteral(block: Block): void {
    const from = this.bits.scanned(block);
    const { count } = block;
    if (!this.#needle || from === count) return;
    const { arena, offset } = block.slot;
    const bits = this.bits.reserve(block);
    const range = { start: offset + block.startOf(from), end: offset + (block.ends[count - 1] ?? 0) };
    let index = from;
    arena.find(this.#needle, range, (address) => {
      index = block.lineAt(address - offset, index);
      setBit(block, bits, index);
    });
    this.bits.finish(block, count);
  }

  /** Where texts match, as [text, start, end] in UTF-16 units; nothing where the expression is too slow. */
  async highlight(texts: readonly string[]): Promise<[number, number, number][]> {
    if (!this.#pattern) return literalRanges(texts, this.query);
    const reply = await this.#runner.run(this.#pattern, { kind: "highlight", texts }).catch(() => undefined);
    return (reply?.ranges ?? []).map(([row, start, end]) => [row, start, end]);
  }

  async #scanRegex(block: Block, pattern: RegexPattern): Promise<void> {
    let from = this.bits.scanned(block);
    let before: Promise<void> | undefined;
    while (from < block.count) {
      const to = Math.min(block.lineAt(block.startOf(from) + sliceBytes, from) + 1, block.count);
      const scanning = this.#scanSlice(block, pattern, { from, to });
      // The thread has its next slice at hand when it is through with one. A failure is met in its turn.
      scanning.catch(() => {});
      await before;
      before = scanning;
      from = to;
    }
    await before;
  }

  async #scanSlice(block: Block, pattern: RegexPattern, { from, to }: { from: number; to: number }): Promise<void> {
    const { arena, offset } = block.slot;
    const start = block.startOf(from);
    const end = block.ends[to - 1] ?? 0;
    const task = { kind: "scan", shared: arena.shared, start: offset + start, end: offset + end } as const;
    const { hits = [] } = await this.#runner.run(pattern, task);
    const bits = this.bits.reserve(block);
    let index = from;
    for (const hit of hits) {
      index = block.lineAt(start + hit, index);
      setBit(block, bits, index);
    }
    this.bits.finish(block, to);
  }
}

function setBit(block: Block, bits: Uint8Array, index: number): void {
  if ((block.flags[index] ?? 0) & lineFlags.divider) return;
  bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
}

function literalRanges(texts: readonly string[], { text, caseSensitive }: LogQuery): [number, number, number][] {
  // Only ASCII letters have two cases here, so lowering changes no offset.
  const lower = (value: string): string => value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const needle = caseSensitive ? text : lower(text);
  return texts.flatMap((whole, row) => {
    const hay = caseSensitive ? whole : lower(whole);
    const ranges: [number, number, number][] = [];
    for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) {
      ranges.push([row, at, at + needle.length]);
    }
    return ranges;
  });
}

/** All blocks of some stores, the newest first: what is on the screen is mostly new. */
export function newestFirst(stores: Iterable<LineStore>): Block[] {
  const blocks = [...stores].flatMap((store) => store.blocks);
  const last = (block: Block): number => block.seconds[block.count - 1] ?? 0;
  return blocks.sort((a, b) => last(b) - last(a));
}

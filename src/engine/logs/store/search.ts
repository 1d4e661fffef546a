import type { LogQuery } from "#contract/log-filter.ts";
import type { RegexPattern } from "../worker/log-regex.ts";
import type { Needle } from "./arena.ts";
import { type Block, lineFlags } from "./block.ts";
import type { LineStore } from "./line-store.ts";
import { MatchBits } from "./match-bits.ts";
import { literalNeedle } from "./needle.ts";
import { regexPattern } from "./regex-pattern.ts";
import type { RegexRunner } from "./regex-runner.ts";
import { requiredText } from "./required-text.ts";
import { type Slice, sliceOf, wholeSlice } from "./search-slice.ts";

/** Where one line in so few may match, trying each of those alone is quicker than running over all. */
const fewOf = 8;

/** One search over any stores: which lines match, found block by block. */
export class Search {
  readonly query: LogQuery;
  readonly bits = new MatchBits();
  readonly #needle: Needle | undefined;
  /** What every line that an expression matches has; looked for first, because that is far quicker. */
  readonly #required: Needle | undefined;
  readonly #pattern: RegexPattern | undefined;
  readonly #runner: RegexRunner;

  /** Errors: bad_request for an invalid expression. */
  constructor(query: LogQuery, runner: RegexRunner) {
    this.query = query;
    this.#runner = runner;
    this.#needle = query.regex ? undefined : literalNeedle(query);
    this.#pattern = this.#needle ? undefined : regexPattern(query);
    const text = query.regex ? requiredText(query.text, { anyCase: !query.caseSensitive }) : undefined;
    this.#required = text === undefined ? undefined : literalNeedle({ ...query, text });
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
    const bits = this.bits.reserve(block);
    findLines(block, { needle: this.#needle, from }, (index) => setBit(block, bits, index));
    this.bits.finish(block, count);
  }

  /** Where texts match, as [text, start, end] in UTF-16 units; nothing where the expression is too slow. */
  async highlight(texts: readonly string[]): Promise<[number, number, number][]> {
    if (!this.#pattern) return literalRanges(texts, this.query);
    const reply = await this.#runner.run(this.#pattern, { kind: "highlight", texts }).catch(() => undefined);
    return (reply?.ranges ?? []).map(([row, start, end]) => [row, start, end]);
  }

  async #scanRegex(block: Block, pattern: RegexPattern): Promise<void> {
    // Lines that come meanwhile are looked at the next time.
    const { count } = block;
    let from = this.bits.scanned(block);
    const candidates = this.#candidates(block, from);
    let before: Promise<void> | undefined;
    while (from < count) {
      const slice = candidates
        ? sliceOf(block, candidates, { from, to: count })
        : wholeSlice(block, { from, to: count });
      const scanning = this.#scanSlice(block, pattern, slice);
      // The thread has its next slice at hand when it is through with one. A failure is met in its turn.
      scanning.catch(() => {});
      await before;
      before = scanning;
      from = slice.to;
    }
    await before;
  }

  /** The only lines from `from` on that may match, where they are known and few. */
  #candidates(block: Block, from: number): number[] | undefined {
    const needle = this.#required;
    if (!needle) return undefined;
    const lines: number[] = [];
    findLines(block, { needle, from }, (index) => lines.push(index));
    return lines.length * fewOf > block.count - from ? undefined : lines;
  }

  async #scanSlice(block: Block, pattern: RegexPattern, { from, to, only }: Slice): Promise<void> {
    const { arena, offset } = block.slot;
    const start = block.startOf(from);
    const end = block.ends[to - 1] ?? 0;
    const starts = only && Uint32Array.from(only, (index) => block.startOf(index) - start);
    const task = { kind: "scan", shared: arena.shared, start: offset + start, end: offset + end, starts } as const;
    const { hits = [] } = starts?.length === 0 ? {} : await this.#runner.run(pattern, task);
    const bits = this.bits.reserve(block);
    let index = from;
    for (const hit of hits) {
      index = block.lineAt(start + hit, index);
      setBit(block, bits, index);
    }
    this.bits.finish(block, to);
  }
}

/** Calls back with each line from `from` on that has the needle. */
function findLines(
  block: Block,
  { needle, from }: { needle: Needle; from: number },
  onLine: (index: number) => void,
): void {
  const { arena, offset } = block.slot;
  const range = { start: offset + block.startOf(from), end: offset + (block.ends[block.count - 1] ?? 0) };
  let index = from;
  arena.find(needle, range, (address) => {
    index = block.lineAt(address - offset, index);
    onLine(index);
  });
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

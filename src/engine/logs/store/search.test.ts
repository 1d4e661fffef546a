import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { Arenas } from "./arena.ts";
import { LineStore } from "./line-store.ts";
import { RegexRunner } from "./regex-runner.ts";
import { newestFirst, Search } from "./search.ts";

const runner = new RegexRunner();
afterAll(() => runner.close());

/** With a text that each match has, and without; within their line, and able to leave it. */
const expressions = [
  "refused.*0$",
  "^ERROR (up|down)stream",
  "stream|cut",
  "\\d{2} ?ms",
  "cut\\s",
  "[^a-z]é",
  "[^s]$",
  "o\\W+r",
  "REFUSED",
];
const telling = fc.constantFrom("ERROR", "upstream", "downstream", "refused", "cut", "10", "20 ms", "é", "\r");
// Where few lines have the text, only those are tried.
const words = fc.oneof({ weight: 12, arbitrary: fc.constant("so") }, { weight: 1, arbitrary: telling });
const line = fc.record({ words: fc.array(words, { maxLength: 4 }), long: fc.integer({ min: 0, max: 20 }) });
const lines = fc.array(line, { maxLength: 100, size: "max" });

function textOf({ words: parts, long }: { words: string[]; long: number }): string {
  // The long ones fill slices and blocks.
  return `${parts.join(" ")}${long === 0 ? `${" ".repeat(200_000)}.` : ""}`;
}

function write(store: LineStore, texts: readonly string[]): void {
  for (const text of texts) {
    const bytes = Buffer.from(text);
    store.append({ seconds: 1, nanos: 0, flags: 0 }, bytes, { start: 0, end: bytes.length });
  }
}

async function found(search: Search, store: LineStore): Promise<number[]> {
  for (const block of newestFirst([store])) await search.scan(block);
  return store.blocks.flatMap((block, at) =>
    Array.from({ length: block.count }, (_, index) => index)
      .filter((index) => search.bits.has(block, index))
      .map((index) => (store.starts[at] ?? 0) + index),
  );
}

test("a regular expression finds the lines that it matches alone, at once and as they come", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...expressions),
      fc.boolean(),
      lines,
      lines,
      async (text, caseSensitive, before, after) => {
        const store = new LineStore(new Arenas());
        const search = new Search({ text, regex: true, caseSensitive }, runner);
        const compiled = new RegExp(text, caseSensitive ? "u" : "iu");
        const all = [...before, ...after].map(textOf);
        const wanted = (texts: readonly string[]): number[] =>
          texts.flatMap((value, at) => (compiled.test(value.replace(/\r$/, "")) ? [at] : []));
        write(store, before.map(textOf));
        expect(await found(search, store)).toEqual(wanted(before.map(textOf)));
        write(store, after.map(textOf));
        expect(await found(search, store)).toEqual(wanted(all));
        store.clear();
      },
    ),
    { numRuns: 60 },
  );
});

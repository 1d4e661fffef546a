import fc from "fast-check";
import { expect, test } from "vitest";
import { withinLine } from "./within-line.ts";

const bound = (source: string, anyCase = false) => withinLine(source, { anyCase });

test("classes that have the line break lose it", () => {
  expect(bound('a\\s+"[^"]*"')).toBe('a[^\\S\\n]+"[^\\n"]*"');
  expect(bound("\\D\\W[^]")).toBe("[^\\d\\n][^\\w\\n][^\\n]");
  expect(bound("[\\w.\\]-]+@(?:a|(?<host>b))\\.c$")).toBe("[\\w.\\]-]+@(?:a|(?<host>b))\\.c$");
});

test("what is not worked out is none", () => {
  const sources = [
    "a\nb",
    "[\\s,]",
    "[^-a]",
    "[\t-~]",
    "\\n",
    "\\x0a",
    "\\p{Z}",
    "(?=a)",
    "(?<!a)",
    "(?s:.)",
    "(?-m:$)",
    "(a)\\1",
  ];
  for (const source of sources) expect([source, bound(source)]).toEqual([source, undefined]);
  expect(bound("\\W", true)).toBeUndefined();
});

const atom = fc.constantFrom(
  "a",
  "B",
  "\\.",
  ".",
  "\\s",
  "\\S",
  "\\D",
  "\\d",
  "\\W",
  "\\w",
  "[^a]",
  "[^\\d\\]]",
  "[^]",
  "[ab-]",
  "[\\w-]",
  "\\b",
  "^",
  "$",
);
const quantifier = fc.constantFrom("", "", "", "*", "+", "?", "{2}", "*?");
const part = fc.tuple(atom, quantifier).map(([what, times]) => (/^(\\b|\^|\$)$/.test(what) ? what : what + times));
const sequence = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(""));
const expression = fc.oneof(
  sequence,
  fc.tuple(sequence, sequence).map(([a, b]) => `${a}|${b}`),
  fc.tuple(sequence, sequence, quantifier).map(([a, b, times]) => `${a}(?:${b})${times}`),
  fc.tuple(sequence, sequence).map(([a, b]) => `(${a})(?<x>${b})`),
);

/** The lines that one run over all of them finds, as the thread of expressions makes it. */
function foundTogether(lines: readonly string[], compiled: RegExp): number[] {
  const text = lines.map((line) => `${line}\n`).join("");
  const found: number[] = [];
  for (let match = compiled.exec(text); match && match.index < text.length; match = compiled.exec(text)) {
    found.push(text.slice(0, match.index).split("\n").length - 1);
    compiled.lastIndex = text.indexOf("\n", match.index) + 1;
  }
  return found;
}

test("over all lines at once it finds the lines that the expression matches alone", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", "B", "1", " ", ".", "-", "]", "\t"), maxLength: 6 });
  fc.assert(
    fc.property(
      expression,
      fc.boolean(),
      fc.boolean(),
      fc.array(line, { maxLength: 8 }),
      (source, anyCase, unicode, lines) => {
        const within = withinLine(source, { anyCase });
        if (within === undefined) return;
        const flags = `${anyCase ? "i" : ""}${unicode ? "u" : ""}`;
        const alone = new RegExp(source, flags);
        const wanted = lines.flatMap((value, at) => (alone.test(value) ? [at] : []));
        expect(foundTogether(lines, new RegExp(within, `${flags}gm`))).toEqual(wanted);
      },
    ),
    { numRuns: 3000 },
  );
});

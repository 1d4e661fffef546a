import fc from "fast-check";
import { expect, test } from "vitest";
import { requiredText } from "./required-text.ts";

const found = (source: string, anyCase = false) => requiredText(source, { anyCase });

test("the longest text that no match can do without", () => {
  expect(found("ERROR up[a-z]+ refused .*0$")).toBe(" refused ");
  expect(found("^timeout\\.after")).toBe("timeout.after");
  expect(found("(?:GET|POST) /api/(v\\d+/items)+")).toBe(" /api/");
  expect(found("connections?: \\d+")).toBe("connection");
  expect(found("(?<word>refused){2,} by")).toBe("refused");
  expect(found("re(quest)*ed (?=later)")).toBe("ed ");
  expect(found("ab+c\\)\\|def")).toBe("c)|def");
});

test("none where a match may be without it", () => {
  const sources = [
    "abc|def",
    "(abc|def)",
    "(?:abc)?",
    "abc{0,1}",
    "\\w+ \\d",
    "a.b.c",
    "abc\\)|d",
    "(?=abc)",
    "(?!abc)",
  ];
  for (const source of sources) expect([source, found(source)]).toEqual([source, undefined]);
});

test("nothing is said of escapes by number, of modifiers, and of letters with partners beyond ASCII", () => {
  for (const source of ["abcd\\x41", "\\u{41}bcd", "(?i:abcd)", "\\cAbcd", "{abcd"])
    expect(found(source)).toBeUndefined();
  expect([found("task", true), found("mistake", true)]).toEqual([undefined, undefined]);
  expect(found("Refused", true)).toBe("Refu");
});

const atom = fc.constantFrom("a", "b", "K", "s", ".", "\\.", "\\)", "\\d", "[^ab]", "[)\\]]", "\\b", "^", "$", "é");
const quantifier = fc.constantFrom("", "", "", "", "*", "+", "?", "{2}", "{0,2}", "+?");

const { expression } = fc.letrec<{ expression: string; part: string }>((tie) => ({
  expression: fc
    .array(
      fc.array(tie("part"), { maxLength: 6 }).map((parts) => parts.join("")),
      { minLength: 1, maxLength: 2 },
    )
    .map((choices) => choices.join("|")),
  part: fc.oneof(
    { depthSize: "small" },
    fc.tuple(atom, quantifier).map(([what, times]) => (/^(\\b|\^|\$)$/.test(what) ? what : what + times)),
    fc
      .tuple(fc.constantFrom("(", "(?:", "(?=", "(?!", "(?<=", "(?<a>"), tie("expression"), quantifier)
      .map(([open, inside, times]) => `${open}${inside})${/[=!]$/.test(open) ? "" : times}`),
  ),
}));

test("whatever the expression, a line that matches has the text", () => {
  const line = fc.string({
    unit: fc.constantFrom("a", "b", "k", "K", "s", "\u017f", "\u212a", ".", ")", "]", "1", "é", " "),
    maxLength: 12,
  });
  fc.assert(
    fc.property(
      expression,
      fc.boolean(),
      fc.array(line, { minLength: 20, maxLength: 20 }),
      (source, anyCase, lines) => {
        let compiled: RegExp;
        try {
          compiled = new RegExp(source, anyCase ? "iu" : "u");
        } catch {
          return;
        }
        const text = requiredText(source, { anyCase });
        if (text === undefined) return;
        const has = (value: string): boolean =>
          anyCase ? value.toLowerCase().includes(text.toLowerCase()) : value.includes(text);
        for (const value of lines)
          if (compiled.test(value)) expect([source, value, has(value)]).toEqual([source, value, true]);
      },
    ),
    { numRuns: 3000 },
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAnsi, plainText } from "./ansi.ts";
import { rgbBase } from "./sgr.ts";

const esc = "\u001b";
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const forbidden = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const visible = fc.string({ unit: fc.constantFrom(..."aZ0 9日é🚢;:[]mH?#(~".split(""), "🚢") });
const escapes = fc.constantFrom(
  `${esc}[0m`,
  `${esc}[1;31m`,
  `${esc}[38;5;208m`,
  `${esc}[48;2;1;2;3m`,
  `${esc}[m`,
  `${esc}[38:2::9:8:7m`,
);
const nasty = fc.constantFrom(
  `${esc}]8;;https://evil.example${esc}\\`,
  `${esc}]52;c;cHduZWQ=\u0007`,
  `${esc}P1$r0m${esc}\\`,
  `${esc}[2J`,
  `${esc}[10;20H`,
  `${esc}[?1049h`,
  `${esc}(B`,
  `${esc}c`,
  "\u009b2J",
  "\u009dtitle\u009c",
  "\u0007",
  "\b",
  "\u202e",
  "\u2066",
);

test("whatever stands between escapes is shown, in order, and nothing else", () => {
  const parts = fc.array(
    fc.oneof(
      visible.map((text) => ({ text, shown: text })),
      escapes.map((text) => ({ text, shown: "" })),
      nasty.map((text) => ({ text, shown: "" })),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(parts, (list) => {
      const raw = list.map(({ text }) => text).join("");
      // A text that begins with `(`, `;` or the like must not become a part of the escape before it; those here are whole.
      expect(plainText(raw)).toBe(list.map(({ shown }) => shown).join(""));
    }),
  );
});

test("any bytes at all leave nothing that moves or hides text, and every piece stands where the raw line has it", () => {
  const any = fc.string({ unit: "binary", maxLength: 200 });
  const spiced = fc.array(fc.oneof(any, escapes, nasty, fc.constantFrom(esc, `${esc}[`, `${esc}]`, `${esc}P`)));
  fc.assert(
    fc.property(spiced, (list) => {
      const raw = list.join("");
      let last = 0;
      for (const piece of parseAnsi(raw)) {
        expect(piece.at).toBeGreaterThanOrEqual(last);
        last = piece.at;
        if (piece.kind === "dropped") expect(piece.what).not.toMatch(forbidden);
        else {
          expect(piece.text).not.toMatch(forbidden);
          expect(raw.startsWith(piece.text, piece.at)).toBe(true);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("a line without escapes is one piece as it is", () => {
  expect(parseAnsi("just text\twith a tab")).toEqual([
    { kind: "text", text: "just text\twith a tab", at: 0, style: {} },
  ]);
  expect(parseAnsi("")).toEqual([]);
  expect(plainText("a terminal's line\r")).toBe("a terminal's line");
});

test("colours of all three kinds, and their end", () => {
  const pieces = parseAnsi(`${esc}[1;31mred${esc}[38;5;196mcube${esc}[38;2;1;2;3mtrue${esc}[39;22mplain${esc}[0m`);
  expect(pieces.map((piece) => piece.kind === "text" && [piece.text, piece.style])).toEqual([
    ["red", { bold: true, fg: 1 }],
    ["cube", { bold: true, fg: rgbBase + 0xff0000 }],
    ["true", { bold: true, fg: rgbBase + 0x010203 }],
    ["plain", {}],
  ]);
});

test("text after a string without an end is not hidden", () => {
  expect(plainText(`a${esc}]8;;https://x and more`)).toBe("a8;;https://x and more");
});

test("one marker for what was dropped at one place, and it says what", () => {
  const pieces = parseAnsi(`a${esc}[2J${esc}[H\u0007b`);
  expect(pieces.map(({ kind }) => kind)).toEqual(["text", "dropped", "text"]);
  expect(pieces[1]).toMatchObject({ what: "␛[2J␛[H␇" });
});

test("very long colour sequences and very many of them are bounded", () => {
  expect(plainText(`${esc}[${"1;".repeat(100_000)}31mx`)).toBe("x");
  const many = `${esc}[31ma${esc}[32mb`.repeat(5_000);
  expect(parseAnsi(many).length).toBeLessThan(1_000);
});

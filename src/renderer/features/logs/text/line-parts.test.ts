import fc from "fast-check";
import { expect, test } from "vitest";
import { plainText } from "./ansi.ts";
import { lineParts } from "./line-parts.ts";

const shown = (raw: string, hits: [number, number][] = []): string =>
  lineParts(raw, hits)
    .filter(({ kind }) => kind === "text")
    .map(({ text }) => text)
    .join("");

test("whatever is found and linked, the text stays the same", () => {
  const raws = fc
    .array(fc.constantFrom("a", "https://example.org/x?y=1.", " ", "\u001b[31m", "\u001b[0m", "🚢", "\u0007", "b"))
    .map((list) => list.join(""));
  const ranges = fc.array(
    fc.tuple(fc.nat(60), fc.nat(20)).map(([start, length]): [number, number] => [start, start + length]),
  );
  fc.assert(
    fc.property(raws, ranges, (raw, hits) => {
      expect(shown(raw, hits)).toBe(plainText(raw));
    }),
  );
});

test("what is found is marked over a change of colour", () => {
  const raw = "one \u001b[31mtwo\u001b[0m three";
  const start = raw.indexOf("e ");
  const end = raw.indexOf("wo");
  const hits = lineParts(raw, [[start, end]]).filter(({ hit }) => hit);
  expect(hits.map(({ text }) => text)).toEqual(["e ", "t"]);
});

test("only https and this machine's ports become links, without the sentence around them", () => {
  const urls = (raw: string) => lineParts(raw).flatMap(({ url }) => url ?? []);
  expect(urls("see https://example.org/a(b). or http://localhost:3000/x, but not http://example.org")).toEqual([
    "https://example.org/a(b",
    "http://localhost:3000/x",
  ]);
  expect(urls("javascript://x file:///etc/passwd smb://host http://localhost.evil.example/")).not.toContain(
    "http://localhost.evil.example/",
  );
});

import { expect, test } from "vitest";
import type { LogItem } from "#contract";
import { appendItems, emptyRing } from "./line-ring.ts";

function lines(...texts: string[]): LogItem {
  const pieces = texts.map((text) => new TextEncoder().encode(text));
  let at = 0;
  const ends = pieces.map((piece) => {
    at += piece.length;
    return at;
  });
  return {
    kind: "lines",
    bytes: Uint8Array.from(pieces.flatMap((piece) => [...piece])),
    ends,
    sources: texts.map(() => 1),
  };
}

const textsOf = (ring: { rows: readonly unknown[] }): unknown[] =>
  ring.rows.map((row) => Reflect.get(row as object, "text"));

test("lines are cut at their ends and keep their characters", () => {
  const ring = appendItems(emptyRing, [lines("a🚢", "", "日本")], 10);
  expect(textsOf(ring)).toEqual(["a🚢", "", "日本"]);
});

test("only the newest stay, and keys never repeat", () => {
  let ring = emptyRing;
  for (let index = 0; index < 30; index += 1) ring = appendItems(ring, [lines(`line ${index}`)], 10);
  expect(textsOf(ring)).toEqual(Array.from({ length: 10 }, (_, index) => `line ${index + 20}`));
  expect(ring.total).toBe(30);
  expect(new Set(ring.rows.map(({ key }) => key)).size).toBe(10);
});

test("what ended or started again stands between the lines", () => {
  const ring = appendItems(
    emptyRing,
    [lines("a"), { kind: "ended", reason: "stopped" }, { kind: "restarted" }, lines("b"), { kind: "live" }],
    10,
  );
  expect(ring.rows.map((row) => (row.kind === "mark" ? row.mark : row.text))).toEqual([
    "a",
    "stopped",
    "restarted",
    "b",
  ]);
});

test("escapes do nothing", () => {
  const hostile = "\u001b[31mred\u001b[0m \u001b]8;;https://x\u0007link\u001b]8;;\u0007 \u001b[2J\u0007\u202eabc";
  expect(textsOf(appendItems(emptyRing, [lines(hostile)], 5))).toEqual(["red link \ufffdabc"]);
});

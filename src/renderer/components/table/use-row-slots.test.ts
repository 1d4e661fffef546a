import fc from "fast-check";
import { expect, test } from "vitest";
import { nextSlots, type RowSlot } from "./use-row-slots.ts";

const line = (key: string) => ({ key, kind: key.startsWith("group") ? ("group" as const) : ("row" as const) });
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => line(`${from + at}`));
const ids = (slots: readonly RowSlot[]) => slots.map(({ id }) => id);
const all = { active: undefined, has: () => true };

test("where all or most lines are others, every element is used again and none is moved", () => {
  const before = nextSlots([], lines(0, 30), all);
  expect(ids(nextSlots(before, lines(500, 530), all))).toEqual(ids(before));
  expect(ids(nextSlots(before, lines(20, 50), all))).toEqual(ids(before));
});

test("where a few lines are new, the others keep their elements", () => {
  const before = nextSlots([], lines(0, 30), all);
  expect(ids(nextSlots(before, lines(2, 32), all)).slice(0, 28)).toEqual(ids(before).slice(2));
  expect(ids(nextSlots(before, lines(2, 32), all)).slice(28)).toEqual([30, 31]);
});

test("the active line keeps its element, and the others are used on its own side of it", () => {
  const before = nextSlots([], lines(0, 4), all);
  const after = nextSlots(before, [line("2"), ...lines(90, 93)], { ...all, active: "2" });
  expect(ids(after)).toEqual([2, 3, 4, 5]);
});

test("the element of a line that is gone goes with it", () => {
  const before = nextSlots([], lines(0, 2), all);
  const after = nextSlots(before, lines(1, 3), { active: undefined, has: (key) => key !== "0" });
  expect(ids(after)).toEqual([1, 2]);
});

test("a row and the header of a group never take each other's element", () => {
  const before = nextSlots([], [line("group:a"), line("0")], all);
  expect(ids(nextSlots(before, [line("1"), line("group:b")], all))).toEqual([1, 2]);
});

test("no two lines share an element, and the active line keeps its own, whatever the list does", () => {
  const windows = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 30 }), { maxLength: 20 });
  fc.assert(
    fc.property(windows, (list) => {
      let before: RowSlot[] = [];
      for (const window of list) {
        const shown = window.map((at) => line(at % 7 === 0 ? `group:${at}` : `${at}`));
        const active = before[0]?.key;
        const after = nextSlots(before, shown, { ...all, active });
        expect(new Set(ids(after)).size).toBe(after.length);
        expect(after.find(({ key }) => key === active)?.id ?? before[0]?.id).toBe(before[0]?.id);
        before = after;
      }
    }),
  );
});

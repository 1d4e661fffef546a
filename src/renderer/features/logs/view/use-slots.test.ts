import fc from "fast-check";
import { expect, test } from "vitest";
import { nextSlots } from "./use-slots.ts";

test("rows that are drawn together never share an element, and those that stay keep theirs", () => {
  const moves = fc.array(fc.tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: 1, max: 200 })), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(moves, (list) => {
      let slots = { base: 0, count: 64, from: 0, to: 0 };
      let from = 0;
      const slotOf = ({ base, count }: typeof slots, at: number): number => (((at - base) % count) + count) % count;
      for (const [step, size] of list) {
        from += step;
        const before = slots;
        slots = nextSlots(before, from, from + size);
        const used = Array.from({ length: size }, (_, index) => slotOf(slots, from + index));
        expect(new Set(used).size).toBe(size);
        if (before.count !== slots.count) continue;
        for (let at = Math.max(from, before.from); at < Math.min(from + size, before.to); at += 1) {
          expect(slotOf(slots, at)).toBe(slotOf(before, at));
        }
      }
    }),
  );
});

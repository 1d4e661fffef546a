import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Anchor,
  anchorAt,
  bottomAnchor,
  type Frame,
  isAtBottom,
  mostSpacerPx,
  moveBy,
  nudge,
  padPx,
  reveal,
  scrollTopOf,
  settle,
  spacerPx,
} from "./geometry.ts";

const rowPx = 18;
const even = (count: number, first = 0): Frame => ({
  rows: { first, end: first + count },
  heightPx: 400,
  heightOf: () => rowPx,
});
const wrapped: Frame = {
  rows: { first: -50, end: 200 },
  heightPx: 400,
  heightOf: (at) => 18 * (1 + (Math.abs(at * 7) % 5)),
};

/** Pixels from the top of all rows to the top of the window. */
function depth(anchor: Anchor, { rows, heightOf }: Frame): number {
  let above = -anchor.offset;
  for (let at = rows.first; at < anchor.position; at += 1) above += heightOf(at);
  return above;
}

test("a few rows stand at the top and do not move", () => {
  const frame = even(5);
  expect(bottomAnchor(frame)).toEqual({ position: 0, offset: padPx });
  expect(moveBy(bottomAnchor(frame), 500, frame)).toEqual({ position: 0, offset: padPx });
  expect(moveBy(bottomAnchor(frame), -500, frame)).toEqual({ position: 0, offset: padPx });
  expect(settle({ position: 3, offset: 0 }, even(0))).toEqual({ position: 0, offset: padPx });
});

test("scrolling down and up by the same distance comes back, for rows of any height", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8000 }), fc.integer({ min: 1, max: 3000 }), (from, delta) => {
      const start = moveBy({ position: wrapped.rows.first, offset: padPx }, from, wrapped);
      const there = moveBy(start, delta, wrapped);
      const moved = depth(there, wrapped) - depth(start, wrapped);
      expect(moved).toBeLessThanOrEqual(delta);
      expect(depth(moveBy(there, -moved, wrapped), wrapped)).toBe(depth(start, wrapped));
      if (moved < delta) expect(isAtBottom(there, wrapped)).toBe(true);
    }),
  );
});

test("the last row ends at the foot of the window", () => {
  const bottom = bottomAnchor(wrapped);
  const whole = wrapped.rows.end - wrapped.rows.first;
  const all = Array.from({ length: whole }, (_, at) => wrapped.heightOf(wrapped.rows.first + at)).reduce(
    (a, b) => a + b,
  );
  expect(all - depth(bottom, wrapped)).toBe(wrapped.heightPx - padPx);
});

test("a row that is in sight is shown without a move; another one stands a third down", () => {
  const frame = even(1000);
  const anchor = { position: 100, offset: -5 };
  expect(reveal(110, anchor, frame)).toBe(anchor);
  const far = reveal(500, anchor, frame);
  expect(depth(far, frame)).toBe(500 * rowPx - Math.round((400 - rowPx) / 3));
  expect(nudge(122, anchor, frame)).toEqual(moveBy(anchor, -5 + 23 * rowPx - 400, frame));
  expect(nudge(99, anchor, frame)).toEqual({ position: 99, offset: 0 });
});

test("the scrollbar is exact while everything fits under the browser's limit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 30, max: 800_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (count, share) => {
      const frame = even(count, -17);
      const scale = { rows: frame.rows, heightPx: frame.heightPx, rowPx };
      const top = share * (spacerPx(scale) - frame.heightPx);
      const anchor = settle(anchorAt(top, scale), frame);
      expect(scrollTopOf(anchor, scale)).toBeCloseTo(top, 3);
    }),
  );
});

test("five million rows stay under the limit, and both ends are reached", () => {
  const frame = even(5_000_000);
  const scale = { rows: frame.rows, heightPx: frame.heightPx, rowPx };
  expect(spacerPx(scale)).toBe(mostSpacerPx);
  expect(scrollTopOf(bottomAnchor(frame), scale)).toBeCloseTo(mostSpacerPx - 400, 3);
  expect(settle(anchorAt(mostSpacerPx - 400, scale), frame)).toEqual(bottomAnchor(frame));
  expect(settle(anchorAt(0, scale), frame)).toEqual({ position: 0, offset: padPx });
  const middle = settle(anchorAt((mostSpacerPx - 400) / 2, scale), frame);
  expect(Math.abs(middle.position - 2_500_000)).toBeLessThan(30);
});

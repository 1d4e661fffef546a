import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Bounds, placeWindow } from "./window-bounds.ts";

const laptop: Bounds = { x: 0, y: 25, width: 1440, height: 875 };
const monitor: Bounds = { x: 1440, y: 0, width: 2560, height: 1400 };

describe("placeWindow", () => {
  test("centres a first window", () => {
    expect(placeWindow(undefined, [laptop])).toEqual({ x: 120, y: 63, width: 1200, height: 800 });
  });

  test("puts a window back where it was, on either screen", () => {
    const saved = { x: 1700, y: 100, width: 900, height: 700 };
    expect(placeWindow(saved, [laptop, monitor])).toEqual(saved);
  });

  test("brings a window back from a screen that is gone", () => {
    const saved = { x: 1700, y: 100, width: 900, height: 700 };
    expect(placeWindow(saved, [laptop])).toEqual({ x: 270, y: 113, width: 900, height: 700 });
  });

  test("brings back a window whose top edge is above or beside every screen", () => {
    const above = { x: 100, y: -300, width: 900, height: 700 };
    expect(placeWindow(above, [laptop]).y).toBe(113);
    const beside = { x: -850, y: 100, width: 900, height: 700 };
    expect(placeWindow(beside, [laptop]).x).toBe(270);
  });

  test("shrinks to a screen that became smaller", () => {
    expect(placeWindow({ x: 0, y: 25, width: 3000, height: 2000 }, [laptop])).toEqual(laptop);
  });

  test("always leaves the top edge within reach and the size within the screen", () => {
    const edge = fc.integer({ min: -10_000, max: 10_000 });
    const length = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(fc.record({ x: edge, y: edge, width: length, height: length }), (saved) => {
        const placed = placeWindow(saved, [laptop]);
        expect(placed.width).toBeLessThanOrEqual(laptop.width);
        expect(placed.height).toBeLessThanOrEqual(laptop.height);
        expect(placed.y).toBeGreaterThanOrEqual(laptop.y);
        expect(placed.y).toBeLessThan(laptop.y + laptop.height);
        expect(placed.x + placed.width).toBeGreaterThan(laptop.x);
        expect(placed.x).toBeLessThan(laptop.x + laptop.width);
      }),
    );
  });
});

import { expect, test } from "vitest";
import { rangeOf, timeAt, xAt } from "./brush.ts";

const axis = { from: 1000, to: 2000, widthPx: 100 };

test("a brush is a range in either direction, and a click is none", () => {
  expect(rangeOf({ startX: 10, endX: 50 }, axis)).toEqual({ from: 1100, to: 1500 });
  expect(rangeOf({ startX: 50, endX: 10 }, axis)).toEqual({ from: 1100, to: 1500 });
  expect(rangeOf({ startX: 10, endX: 12 }, axis)).toBeUndefined();
});

test("a brush to the edge takes in the last line, and none goes beyond", () => {
  expect(rangeOf({ startX: -20, endX: 400 }, axis)).toEqual({ from: 1000, to: 2001 });
});

test("times and places are each other's inverse", () => {
  expect(timeAt(xAt(1234, axis), axis)).toBe(1234);
});

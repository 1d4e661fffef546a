import { expect, test } from "vitest";
import { retryDelayMs } from "./connection.ts";

test("retries start at half a second, double up to ten seconds, and are spread", () => {
  const middle = Array.from({ length: 8 }, (_, failures) => retryDelayMs(failures, 0.5));
  expect(middle).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  expect(retryDelayMs(0, 0)).toBe(400);
  expect(retryDelayMs(0, 1)).toBe(600);
  expect(retryDelayMs(10_000, 0.5)).toBe(10_000);
});

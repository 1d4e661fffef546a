import { expect, test } from "vitest";
import { Bell } from "./bell.ts";
import { Cell } from "./cell.ts";

test("a ring before the wait is kept, and several count as one", async () => {
  const bell = new Bell();
  const { signal } = new AbortController();
  bell.ring();
  bell.ring();
  expect(await bell.wait(signal)).toBe(true);
  expect(await bell.wait(signal, 1)).toBe(false);
});

test("an abort wakes the waiter and leaves nothing on the signal", async () => {
  const bell = new Bell();
  const controller = new AbortController();
  const waiting = bell.wait(controller.signal);
  controller.abort();
  expect(await waiting).toBe(false);
});

test("a watcher sees the value now and the latest after each change, and ends at the abort", async () => {
  const cell = new Cell(1);
  const controller = new AbortController();
  const values = cell.watch(controller.signal);
  expect((await values.next()).value).toBe(1);
  cell.set(2);
  cell.set(3);
  expect((await values.next()).value).toBe(3);
  const last = values.next();
  controller.abort();
  expect((await last).done).toBe(true);
});

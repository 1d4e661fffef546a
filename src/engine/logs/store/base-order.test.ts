import { expect, test } from "vitest";
import { Arenas } from "./arena.ts";
import { MergedOrder } from "./base-order.ts";
import { LineStore } from "./line-store.ts";

const seconds = Math.floor(Date.now() / 1000) - 5;
const text = Buffer.from("x");

function add(store: LineStore, ...nanos: readonly number[]): void {
  for (const at of nanos) store.append({ seconds, nanos: at, flags: 0 }, text, { start: 0, end: 1 });
}

function orderOf(order: MergedOrder): string[] {
  const places: string[] = [];
  for (let at = order.first; at < order.end; at += 1) places.push(`${order.sourceAt(at)}:${order.lineAt(at)}`);
  return places;
}

test("lines of two sources that are nanoseconds apart stand in their order, also those that come late", () => {
  const stores = [new LineStore(new Arenas()), new LineStore(new Arenas())] as const;
  add(stores[0], 101, 103, 400);
  add(stores[1], 100, 102, 104);
  const order = new MergedOrder(stores.map((store, index) => ({ index, store })));
  expect(orderOf(order)).toEqual(["1:0", "0:0", "1:1", "0:1", "1:2", "0:2"]);
  add(stores[1], 399);
  order.refresh();
  expect(orderOf(order)).toEqual(["1:0", "0:0", "1:1", "0:1", "1:2", "1:3", "0:2"]);
  for (let at = order.first; at < order.end; at += 1) {
    expect(order.positionOf(order.sourceAt(at), order.lineAt(at))).toBe(at);
  }
});

test("a time leads to the first line at or after it", () => {
  const store = new LineStore(new Arenas());
  const other = new LineStore(new Arenas());
  add(store, 0, 1_000_000, 2_000_000);
  add(other, 500_000, 1_500_000);
  const order = new MergedOrder([store, other].map((member, index) => ({ index, store: member })));
  const at = (milliseconds: number): string => {
    const position = order.positionAtTime(seconds * 1000 + milliseconds);
    return `${order.sourceAt(position)}:${order.lineAt(position)}`;
  };
  expect([0, 0.5, 0.75, 1, 1.25, 2].map(at)).toEqual(["0:0", "1:0", "0:1", "0:1", "1:1", "0:2"]);
  expect(order.positionAtTime(seconds * 1000 + 3)).toBe(order.end);
});

test("the time of a line, as exactly as milliseconds hold it, leads to that line", () => {
  const stores = [new LineStore(new Arenas()), new LineStore(new Arenas())] as const;
  const nanos = Array.from({ length: 200 }, (_, index) => index * 1_000 + index);
  add(stores[0], ...nanos);
  add(stores[1], ...nanos.map((at) => at + 500));
  const order = new MergedOrder(stores.map((store, index) => ({ index, store })));
  for (const [line] of nanos.entries()) {
    expect(order.lineAt(order.positionAtTime(stores[0].timeOf(line)))).toBe(line);
  }
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Cell } from "../cell.ts";
import type { EngineEvent, EventListener } from "./events.ts";
import { type ListSource, LiveList } from "./live-list.ts";
import type { Session } from "./session.ts";

interface Thing {
  readonly id: string;
  readonly text: string;
}

/** An engine of things in memory, with what a list asks of a session. */
function fakeEngine() {
  const things = new Map<string, Thing>();
  const listeners = new Set<EventListener>();
  const asked: string[] = [];
  const sessions = new Cell<Session | undefined>(undefined);
  let lost = new AbortController();
  const source: ListSource<Thing> = {
    eventTypes: ["container"],
    idOf: ({ id }) => id,
    touchedBy: ({ id }) => [id],
    list: async () => {
      asked.push("list");
      return { items: [...things.values()], skipped: 0 };
    },
    fetch: async (_session, ids) => {
      asked.push(ids.join());
      return { items: ids.flatMap((id) => things.get(id) ?? []), skipped: 0 };
    },
  };
  return {
    asked,
    source,
    connection: {
      async whenConnected(signal: AbortSignal) {
        for await (const session of sessions.watch(signal)) if (session) return session;
        return undefined;
      },
    },
    connect() {
      lost = new AbortController();
      const events = {
        subscribe(listener: EventListener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      };
      // Only these two parts of a session are used by a list.
      sessions.set({ events, signal: lost.signal } as unknown as Session);
    },
    disconnect() {
      sessions.set(undefined);
      lost.abort();
    },
    put(id: string, text = "") {
      things.set(id, { id, text });
      emit(id);
    },
    remove(id: string) {
      things.delete(id);
      emit(id);
    },
    /** Changes without a word. */
    smuggle(id: string) {
      things.set(id, { id, text: "smuggled" });
    },
    listeners,
  };

  function emit(id: string): void {
    const event: EngineEvent = { type: "container", action: "x", id, attributes: {}, time: 0 };
    for (const listener of listeners) listener.onEvent(event);
  }
}

const controller = { current: new AbortController() };
beforeEach(() => {
  vi.useFakeTimers();
  controller.current = new AbortController();
});
afterEach(() => {
  controller.current.abort();
  vi.useRealTimers();
});

function collect<T>(stream: AsyncIterable<T>): T[] {
  const seen: T[] = [];
  void (async () => {
    for await (const item of stream) seen.push(item);
  })();
  return seen;
}

test("a snapshot first, then changes that come together are fetched together", async () => {
  const engine = fakeEngine();
  engine.put("a");
  engine.connect();
  const seen = collect(new LiveList(engine.connection, engine.source).watch(controller.current.signal));
  await vi.advanceTimersByTimeAsync(5);
  expect(seen).toEqual([{ kind: "snapshot", items: [{ id: "a", text: "" }], skipped: 0 }]);
  engine.put("b");
  engine.put("c");
  engine.remove("a");
  await vi.advanceTimersByTimeAsync(20);
  expect(engine.asked).toEqual(["list", "b,c,a"]);
  expect(seen[1]).toEqual({
    kind: "change",
    upserts: [
      { id: "b", text: "" },
      { id: "c", text: "" },
    ],
    removed: ["a"],
  });
  engine.put("b", "1");
  await vi.advanceTimersByTimeAsync(50);
  engine.put("b", "2");
  await vi.advanceTimersByTimeAsync(200);
  expect(engine.asked.slice(2)).toEqual(["b"]);
  expect(seen.at(-1)).toMatchObject({ upserts: [{ text: "2" }] });
});

test("an event that changes nothing is not passed on; what no event told is found within a minute", async () => {
  const engine = fakeEngine();
  engine.put("a");
  engine.connect();
  const seen = collect(new LiveList(engine.connection, engine.source).watch(controller.current.signal));
  await vi.advanceTimersByTimeAsync(5);
  engine.put("a");
  await vi.advanceTimersByTimeAsync(500);
  expect(seen).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(seen).toHaveLength(1);
  engine.smuggle("b");
  await vi.advanceTimersByTimeAsync(60_500);
  expect(seen).toHaveLength(2);
  expect(seen[1]).toMatchObject({ kind: "snapshot", items: [{ id: "a" }, { id: "b" }] });
  expect(engine.asked.filter((what) => what === "list")).toHaveLength(3);
});

test("a new connection is listed anew; in between the watcher waits", async () => {
  const engine = fakeEngine();
  const seen = collect(new LiveList(engine.connection, engine.source).watch(controller.current.signal));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(seen).toEqual([]);
  engine.connect();
  await vi.advanceTimersByTimeAsync(5);
  engine.disconnect();
  engine.smuggle("a");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(seen).toHaveLength(1);
  expect(engine.listeners.size).toBe(0);
  engine.connect();
  await vi.advanceTimersByTimeAsync(5);
  expect(seen[1]).toMatchObject({ kind: "snapshot", items: [{ id: "a" }] });
});

test("a crowd is listed as a whole, and then looked at one by one; what was still changing is looked at again", async () => {
  const engine = fakeEngine();
  const { fetch } = engine.source;
  let again: readonly string[] = ["7"];
  const source: ListSource<Thing> = {
    ...engine.source,
    async fetch(session, ids, signal) {
      const listing = (await fetch?.(session, ids, signal)) ?? { items: [], skipped: 0 };
      const result = { ...listing, again: ids.includes("7") ? again : [] };
      if (ids.includes("7")) again = [];
      return result;
    },
  };
  engine.connect();
  const seen = collect(new LiveList(engine.connection, source).watch(controller.current.signal));
  await vi.advanceTimersByTimeAsync(5);
  for (let number = 0; number < 600; number += 1) engine.put(String(number));
  await vi.advanceTimersByTimeAsync(20);
  expect(engine.asked).toEqual(["list", "list"]);
  expect(seen[1]).toMatchObject({ kind: "snapshot", items: { length: 600 } });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(engine.asked).toHaveLength(2 + 6 + 1);
  expect(engine.asked.at(-1)).toBe("7");
});

test("a slow watcher gets the latest in one piece", async () => {
  const engine = fakeEngine();
  engine.connect();
  const list = new LiveList(engine.connection, engine.source);
  const slow = list.watch(controller.current.signal);
  await vi.advanceTimersByTimeAsync(0);
  const first = slow.next();
  await vi.advanceTimersByTimeAsync(5);
  expect((await first).value).toMatchObject({ kind: "snapshot" });
  for (let round = 0; round < 20; round += 1) {
    engine.put("a", String(round));
    await vi.advanceTimersByTimeAsync(150);
  }
  expect((await slow.next()).value).toEqual({ kind: "change", upserts: [{ id: "a", text: "19" }], removed: [] });
});

test("the list is there at once for a watcher that was expected, and goes when nobody comes", async () => {
  const engine = fakeEngine();
  engine.put("a");
  engine.connect();
  const list = new LiveList(engine.connection, engine.source);
  list.warmUp();
  await vi.advanceTimersByTimeAsync(1_000);
  const first = collect(list.watch(controller.current.signal));
  await vi.advanceTimersByTimeAsync(0);
  expect(first).toMatchObject([{ kind: "snapshot", items: [{ id: "a" }] }]);
  await vi.advanceTimersByTimeAsync(20_000);
  list.warmUp();
  controller.current.abort();
  engine.put("b");
  await vi.advanceTimersByTimeAsync(500);
  const back = new AbortController();
  const second = collect(list.watch(back.signal));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(second).toMatchObject([{ kind: "snapshot", items: [{ id: "a" }, { id: "b" }] }]);
  expect(engine.asked).toEqual(["list", "b"]);
  back.abort();
  list.warmUp();
  await vi.advanceTimersByTimeAsync(6_000);
  expect(engine.listeners.size).toBe(0);
});

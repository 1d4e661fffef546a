import { expect, test } from "vitest";
import { Bell } from "../bell.ts";
import { ContainerWatch } from "./container-watch.ts";
import type { ContainerEvent, LogSession } from "./engine-port.ts";

type Listener = Parameters<LogSession["events"]["subscribe"]>[0];

test("events of the container become marks, in the order and with the time of the engine, also those before its id was known", () => {
  const listeners = new Set<Listener>();
  const session = {
    events: {
      subscribe: (listener: Listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    signal: new AbortController().signal,
  };
  // Only its events are used here.
  const watch = new ContainerWatch(session as unknown as LogSession, new Bell());
  const tell = (action: string, time: number, id = "mine"): void => {
    const event: ContainerEvent = { action, id, attributes: {}, time };
    for (const listener of listeners) listener.onEvent(event);
  };
  tell("oom", 10);
  tell("oom", 11, "another");
  watch.follow("mine");
  tell("health_status: unhealthy", 12);
  tell("exec_start: sh", 13);
  expect(watch.take()).toEqual([
    { mark: { kind: "oom" }, seconds: 10 },
    { mark: { kind: "health", status: "unhealthy" }, seconds: 12 },
  ]);
  expect(watch.changed).toBe(false);
  tell("start", 14);
  expect([watch.changed, watch.take()]).toEqual([true, []]);
  watch.close();
  expect(listeners.size).toBe(0);
});

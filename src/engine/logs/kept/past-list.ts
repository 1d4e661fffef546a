import { isDeepStrictEqual } from "node:util";
import type { PastLog } from "#contract/logs.ts";
import { Bell } from "../../bell.ts";
import type { ListUpdate } from "../../docker/live-list.ts";
import type { LogWorker } from "../log-worker-client.ts";

/** The names of the containers that are there now, live; waits while there is no engine. */
export type ContainerNames = (signal: AbortSignal) => AsyncIterable<ReadonlySet<string>>;

/** What is kept by name, and whether a container of that name is there, as a live list. */
export async function* watchPast(
  worker: LogWorker,
  names: ContainerNames,
  signal: AbortSignal,
): AsyncGenerator<ListUpdate<PastLog>> {
  const left = new AbortController();
  const both = AbortSignal.any([signal, left.signal]);
  const bell = new Bell();
  let kept: Omit<PastLog, "present">[] | undefined;
  let present: ReadonlySet<string> = new Set();
  let failure: unknown;
  const follow = async <T>(source: AsyncIterable<T>, take: (item: T) => void): Promise<void> => {
    for await (const item of source) {
      take(item);
      bell.ring();
    }
  };
  const fail = (error: unknown): void => {
    failure = error;
    bell.ring();
  };
  void follow(worker.client.kept.watch({}, { signal: both }), (item) => {
    kept = item.names;
  }).catch(fail);
  // Without an engine the list is still there; nothing of it is then known to be present.
  void follow(names(both), (item) => {
    present = item;
  }).catch(() => {});
  let told: Map<string, PastLog> | undefined;
  try {
    while (await bell.wait(both)) {
      if (both.aborted) return;
      if (failure) throw failure;
      if (!kept) continue;
      const now = new Map(kept.map((log): [string, PastLog] => [log.name, { ...log, present: present.has(log.name) }]));
      const update = told ? difference(told, now) : snapshot(now);
      told = now;
      if (update) yield update;
    }
  } finally {
    left.abort();
  }
}

function snapshot(now: ReadonlyMap<string, PastLog>): ListUpdate<PastLog> {
  return { kind: "snapshot", items: [...now.values()], skipped: 0 };
}

function difference(
  before: ReadonlyMap<string, PastLog>,
  now: ReadonlyMap<string, PastLog>,
): ListUpdate<PastLog> | undefined {
  const upserts = [...now.values()].filter((log) => !isDeepStrictEqual(log, before.get(log.name)));
  const removed = [...before.keys()].filter((name) => !now.has(name));
  return upserts.length + removed.length > 0 ? { kind: "change", upserts, removed } : undefined;
}

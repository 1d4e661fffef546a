import type { Handlers } from "#contract/rpc/procedure.ts";
import type { SourceFeed } from "../store/source-feed.ts";
import type { ViewHosts } from "./view-hosts.ts";
import type { logWorkerContract } from "./worker-contract.ts";

type FeedHandlers = Handlers<typeof logWorkerContract>["feed"];

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function olderExtent({ older, store }: SourceFeed): { lines: number; bytes: number; fraction: number } {
  if (!older || older.count === 0) return { lines: 0, bytes: 0, fraction: 0 };
  const start = older.timeOf(older.first);
  const goal = store.count > 0 ? store.timeOf(store.first) : Date.now();
  const fraction = goal > start ? (older.timeOf(older.end - 1) - start) / (goal - start) : 0;
  return { lines: older.count, bytes: older.usedBytes, fraction: Math.min(0.99, Math.max(0, fraction)) };
}

function oldestOf({ older, store }: SourceFeed): number {
  const oldest = older && older.count > 0 ? older : store;
  return oldest.count > 0 ? oldest.timeOf(oldest.first) : 0;
}

export function feedHandlers(hosts: ViewHosts): FeedHandlers {
  const find = (target: { view: string; source: number }): SourceFeed => hosts.feed(target);
  return {
    open: async ({ tty, name, containerId, image, createdAt, skewMs, ...target }) => {
      const feed = find(target);
      feed.name = name;
      feed.containerId = containerId;
      feed.skewMs = skewMs;
      feed.open(tty);
      await hosts.kept?.attach(feed, { containerId, name, image, createdAt });
      hosts.touch(target);
      return {};
    },
    openOlder: ({ tty, ...target }) => {
      find(target).openOlder(tty);
      return {};
    },
    chunk: ({ bytes, ...target }) => {
      const feed = find(target);
      let done = false;
      if (target.older) done = feed.feedOlder(asBuffer(bytes));
      else {
        feed.feed(asBuffer(bytes));
        hosts.touch(target);
      }
      hosts.keepBudget();
      return { done };
    },
    mark: ({ mark, seconds, ...target }) => {
      find(target).mark(mark, seconds);
      hosts.touch(target);
      return {};
    },
    end: (target) => {
      find(target).end();
      hosts.touch(target);
      return {};
    },
    state: ({ state, error, complete, ...target }) => {
      const feed = find(target);
      if (state) feed.state = state;
      if (state) feed.error = error;
      if (complete !== undefined) feed.complete = complete;
      hosts.touch(target);
      return {};
    },
    extent: (target) => {
      const feed = find(target);
      const { usedBytes, budgetBytes } = hosts.memory();
      return {
        lines: feed.store.count,
        complete: feed.complete,
        engineComplete: feed.engineComplete,
        full: usedBytes > budgetBytes * 0.98,
        oldestAt: oldestOf(feed),
        older: olderExtent(feed),
      };
    },
    commit: ({ complete, ...target }) => {
      const feed = find(target);
      const evicted = (feed.older?.evictedLines ?? 0) > 0;
      const added = feed.commitOlder();
      hosts.kept?.keepOlder(feed, added);
      feed.engineComplete = complete && !evicted;
      hosts.touch(target);
      return { added };
    },
    past: async ({ lines, ...target }) => {
      const result = await hosts.readPast(find(target), lines);
      hosts.touch(target);
      return result;
    },
    drop: (target) => {
      find(target).dropOlder();
      return {};
    },
  };
}

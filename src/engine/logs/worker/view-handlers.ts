import { AppError } from "#contract/errors.ts";
import type { Handlers } from "#contract/rpc/procedure.ts";
import { exportShown } from "../store/export-shown.ts";
import { histogramOf } from "../store/histogram.ts";
import { levelAll } from "../store/shown-order.ts";
import type { SourceFeed } from "../store/source-feed.ts";
import type { View } from "../store/view.ts";
import { readRows } from "../store/view-rows.ts";
import type { ViewHost } from "./view-host.ts";
import type { ViewHosts } from "./view-hosts.ts";
import type { logWorkerContract } from "./worker-contract.ts";

type ViewHandlers = Handlers<typeof logWorkerContract>["view"];

function described(feeds: readonly SourceFeed[]): { added: { source: number; spec: SourceFeed["spec"] }[] } {
  return { added: feeds.map(({ index, spec }) => ({ source: index, spec })) };
}

function matchFrom(view: View, from: number, direction: "next" | "previous") {
  const { matches, epoch } = view;
  const total = matches.count;
  if (total === 0) return { found: null, total };
  const ordinal = direction === "next" ? matches.before(from + 1) % total : (matches.before(from) - 1 + total) % total;
  return { found: { epoch, position: matches.at(ordinal), ordinal: ordinal + 1 }, total };
}

function matchMap({ matches, shown }: View, buckets: number): number[] {
  const rows = Math.max(1, shown.end - shown.first);
  const edges = Array.from({ length: buckets + 1 }, (_, bucket) =>
    matches.before(shown.first + Math.ceil((bucket * rows) / buckets)),
  );
  return Array.from({ length: buckets }, (_, bucket) => (edges[bucket + 1] ?? 0) - (edges[bucket] ?? 0));
}

/** Answers about the order: everything that has come counts. */
function settled(hosts: ViewHosts, id: string): ViewHost {
  const host = hosts.get(id);
  host.settle();
  return host;
}

export function viewHandlers(hosts: ViewHosts): ViewHandlers {
  return {
    open: ({ view, sources }) => described([...hosts.open(view, sources).view.feeds.values()]),
    setSources: ({ view, sources }) => {
      const host = settled(hosts, view);
      const before = [...host.view.feeds.values()];
      const added = host.view.setSources(sources);
      for (const feed of before) if (!host.view.feeds.has(feed.index)) hosts.kept?.detach(feed);
      host.view.rebuild();
      return described(added);
    },
    status: ({ view }, signal) =>
      hosts.get(view).status(signal, () => ({
        memory: hosts.memory(),
        kept: hosts.kept?.status ?? { state: "memory" },
      })),
    close: ({ view }) => {
      hosts.close(view);
      return {};
    },
    rows: async ({ view: id, from, count }) => {
      const { view } = settled(hosts, id);
      const { rows, texts } = readRows(view, from, count);
      return { ...rows, highlights: (await view.search?.highlight(texts)) ?? [] };
    },
    line: ({ view, id }) => {
      const place = hosts.get(view).feed(id.source).store.find(id.line);
      if (!place) throw new AppError("not_found", "This line was given up to stay within the memory for logs.");
      return { bytes: new Uint8Array(place.block.line(place.index)) };
    },
    filter: async ({ view: id, filter, anchor }) => {
      const { view } = settled(hosts, id);
      if (filter.levels || filter.foldTraces) await levelAll(view.stores.values());
      view.filter = filter;
      view.reshow();
      return anchor ? view.locate(anchor) : { epoch: view.epoch, position: view.shown.first };
    },
    locate: ({ view, id }) => settled(hosts, view).view.locate(id),
    seek: ({ view, time }) => settled(hosts, view).view.seek(time),
    fold: ({ view, id, folded }) => {
      settled(hosts, view).view.setFolded(id, folded);
      return {};
    },
    clear: ({ view, cleared }) => {
      settled(hosts, view).view.setCleared(cleared);
      return {};
    },
    search: ({ view, query }, signal) => hosts.get(view).search(query, signal),
    match: ({ view, from, direction }) => matchFrom(settled(hosts, view).view, from, direction),
    matchMap: ({ view, buckets }) => ({ counts: matchMap(settled(hosts, view).view, buckets) }),
    histogram: ({ view, ...range }) => histogramOf(settled(hosts, view).view, range),
    shown: ({ view, ...options }, signal) => exportShown(settled(hosts, view).view, options, signal),
  };
}

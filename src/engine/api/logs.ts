import type { LongshoreHandlers } from "#contract";
import type { LogEngine } from "../logs/engine-port.ts";
import { type ContainerNames, watchPast } from "../logs/kept/past-list.ts";
import { logSizes } from "../logs/log-sizes.ts";
import type { LogWorker } from "../logs/log-worker-client.ts";
import { tailLog } from "../logs/tail.ts";
import { LogViews } from "../logs/views.ts";

/** Handlers of `logs`. What concerns lines that are in memory is answered by the log worker itself. */
export function logHandlers(engine: LogEngine, worker: LogWorker, names: ContainerNames): LongshoreHandlers["logs"] {
  const views = new LogViews(engine, worker);
  return {
    tail: (input, signal) => tailLog(engine, input, signal),
    view: (input, signal) => views.open(input, signal),
    setSources: async ({ view, sources }) => {
      await views.setSources(view, sources);
      return {};
    },
    older: async ({ view }, signal) => views.older(view, signal),
    load: ({ view }, signal) => views.load(view, signal),
    rows: async (input, signal) => worker.client.view.rows(input, { signal }),
    line: async (input, signal) => worker.client.view.line(input, { signal }),
    filter: async (input, signal) => worker.client.view.filter(input, { signal }),
    locate: async (input, signal) => worker.client.view.locate(input, { signal }),
    seek: async (input, signal) => worker.client.view.seek(input, { signal }),
    fold: async (input, signal) => worker.client.view.fold(input, { signal }),
    clear: async (input, signal) => worker.client.view.clear(input, { signal }),
    search: (input, signal) => worker.client.view.search(input, { signal }),
    match: async (input, signal) => worker.client.view.match(input, { signal }),
    matchMap: async (input, signal) => worker.client.view.matchMap(input, { signal }),
    export: ({ what, ...input }, signal) =>
      what === "shown"
        ? worker.client.view.shown({ ...input, what }, { signal })
        : views.exportAll(input.view, input.format, signal),
    past: (_input, signal) => watchPast(worker, names, signal),
    forget: async (input, signal) => worker.client.kept.forget(input, { signal }),
    searchPast: (input, signal) => worker.client.kept.search(input, { signal }),
    sizes: async (_input, signal) => ({ entries: await logSizes(engine, signal) }),
    histogram: async (input, signal) => worker.client.view.histogram(input, { signal }),
  };
}

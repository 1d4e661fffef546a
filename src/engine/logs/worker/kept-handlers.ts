import { AppError } from "#contract/errors.ts";
import type { Handlers } from "#contract/rpc/procedure.ts";
import { keptFrames } from "../kept/kept-frames.ts";
import { KeptLogs } from "../kept/kept-logs.ts";
import { searchKept } from "../kept/kept-search.ts";
import type { ViewHosts } from "./view-hosts.ts";
import type { logWorkerContract } from "./worker-contract.ts";

type KeptHandlers = Handlers<typeof logWorkerContract>["kept"];

function opened(hosts: ViewHosts): KeptLogs {
  if (hosts.kept) return hosts.kept;
  throw new AppError("unavailable", "No folder for kept logs is open.");
}

export function keptHandlers(hosts: ViewHosts): KeptHandlers {
  return {
    open: ({ folder, capBytes }) => {
      if (hosts.kept) return {};
      hosts.kept = new KeptLogs(folder, capBytes);
      hosts.kept.onStatus = () => hosts.touchAll();
      return {};
    },
    limit: async ({ capBytes }) => {
      await hosts.kept?.limit(capBytes);
      return {};
    },
    follow: ({ source, id }) => {
      hosts.follow(source, id);
      return {};
    },
    unfollow: ({ source }) => {
      hosts.unfollow(source);
      return {};
    },
    lastAt: async ({ containerId }) => ({ timeMs: await opened(hosts).lastAt(containerId) }),
    watch: async function* (_input, signal) {
      for await (const names of opened(hosts).watch(signal)) yield { names };
    },
    forget: async ({ names }) => {
      await opened(hosts).forget(names);
      return {};
    },
    search: (query, signal) => searchKept(opened(hosts), query, { arenas: hosts.arenas, signal }),
    read: (target, signal) => keptFrames(opened(hosts), target, signal),
    close: async () => {
      await hosts.kept?.close();
      return {};
    },
  };
}

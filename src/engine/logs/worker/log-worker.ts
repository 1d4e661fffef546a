import { parentPort } from "node:worker_threads";
import { servedAreas } from "#contract/rpc/procedure.ts";
import { serve } from "#contract/rpc/server.ts";
import { feedHandlers } from "./feed-handlers.ts";
import { keptHandlers } from "./kept-handlers.ts";
import { threadPort } from "./node-port.ts";
import { viewHandlers } from "./view-handlers.ts";
import { ViewHosts } from "./view-hosts.ts";
import { logWorkerContract } from "./worker-contract.ts";

// The thread that holds all log lines. It ends with the process, or when the engine terminates it.
if (parentPort) {
  const port = parentPort;
  const hosts = new ViewHosts();
  const areas = servedAreas(logWorkerContract, {
    view: viewHandlers(hosts),
    feed: feedHandlers(hosts),
    kept: keptHandlers(hosts),
    memory: {
      limit: ({ bytes }) => {
        hosts.budgetBytes = bytes;
        hosts.keepBudget();
        return {};
      },
    },
  });
  serve(areas, {
    port: threadPort(port, { closeEvent: "close", close: () => port.close() }),
    onInternalError: (error) => String(error instanceof Error ? error.stack : error),
  });
}

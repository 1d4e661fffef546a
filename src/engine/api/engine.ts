import type { LongshoreHandlers } from "#contract";
import type { EngineConnection } from "../docker/connection.ts";
import { discoverEndpoints, type Surroundings } from "../docker/endpoint.ts";
import { probeEngine } from "../docker/probe.ts";

/** Handlers of `engine`. */
export function engineHandlers(connection: EngineConnection, around: Surroundings): LongshoreHandlers["engine"] {
  return {
    watch: (_input, signal) => connection.state.watch(signal),
    reconnect: () => {
      connection.reconnect();
      return {};
    },
    test: ({ choice }, signal) => probeEngine({ value: choice, source: "setting" }, around, signal),
    discover: () => ({ endpoints: [...discoverEndpoints(around)] }),
  };
}

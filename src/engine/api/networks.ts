import type { LongshoreHandlers } from "#contract";
import type { EngineConnection } from "../docker/connection.ts";
import { LiveList } from "../docker/live-list.ts";
import { networkList } from "../docker/networks.ts";

/** Handlers of `networks`. */
export function networkHandlers(connection: EngineConnection): LongshoreHandlers["networks"] {
  const list = new LiveList(connection, networkList);
  return { watch: (_input, signal) => list.watch(signal) };
}

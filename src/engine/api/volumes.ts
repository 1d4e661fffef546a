import type { LongshoreHandlers } from "#contract";
import type { EngineConnection } from "../docker/connection.ts";
import { LiveList } from "../docker/live-list.ts";
import { volumeList } from "../docker/volumes.ts";

/** Handlers of `volumes`. */
export function volumeHandlers(connection: EngineConnection): LongshoreHandlers["volumes"] {
  const list = new LiveList(connection, volumeList);
  return { watch: (_input, signal) => list.watch(signal) };
}

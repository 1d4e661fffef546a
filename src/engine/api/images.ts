import type { LongshoreHandlers } from "#contract";
import type { EngineConnection } from "../docker/connection.ts";
import { imageList } from "../docker/images.ts";
import { LiveList } from "../docker/live-list.ts";

/** Handlers of `images`. */
export function imageHandlers(connection: EngineConnection): LongshoreHandlers["images"] {
  const list = new LiveList(connection, imageList);
  return { watch: (_input, signal) => list.watch(signal) };
}

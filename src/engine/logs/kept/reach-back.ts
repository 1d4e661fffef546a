import type { EngineHttp } from "../../docker/http.ts";
import { firstTime } from "../first-time.ts";

/** More than this is not read again to find a place; a gap says what is missing. */
const mostLines = 1_000_000;
const factor = 10;

/** How many lines from the end of a container's log reach back to a time, roughly, and not beyond a million. */
export async function reachBack(
  http: EngineHttp,
  { id, timeMs, from }: { id: string; timeMs: number; from: number },
  signal: AbortSignal,
): Promise<number> {
  for (let tail = from; tail < mostLines; tail *= factor) {
    if ((await firstTime(http, id, { tail, signal })) <= timeMs) return tail;
  }
  return mostLines;
}

import { stat } from "node:fs/promises";
import { z } from "zod";
import type { LogSize } from "#contract/logs.ts";
import { type ContainerFacts, readFacts } from "./container-facts.ts";
import type { LogEngine, LogSession } from "./engine-port.ts";

/** Inspected at once; each costs the engine about half a millisecond. */
const atOnce = 8;
/** Docker's own limits of the `local` driver (daemon/logger/local). */
const localLimits = { maxSize: "20m", maxFiles: 5 };
/** Rotated parts beyond this are no longer looked for. */
const mostParts = 100;

const list = z.array(z.object({ Id: z.string() }));

/** Bytes of a json-file and its rotated parts; undefined where they are not on this machine, or not for our eyes. */
async function fileSize(path: string): Promise<number | undefined> {
  if (path === "") return undefined;
  const sizeOf = (file: string): Promise<number | undefined> =>
    stat(file).then(
      ({ size }) => size,
      () => undefined,
    );
  const main = await sizeOf(path);
  if (main === undefined) return undefined;
  let total = main;
  for (let part = 1; part <= mostParts; part += 1) {
    const size = (await sizeOf(`${path}.${part}`)) ?? (await sizeOf(`${path}.${part}.gz`));
    if (size === undefined) break;
    total += size;
  }
  return total;
}

function rotationOf({ driver, driverOptions }: ContainerFacts): LogSize["rotation"] {
  const maxSize = driverOptions["max-size"];
  const maxFiles = Number(driverOptions["max-file"] ?? 1);
  if (driver === "local") return maxSize ? { maxSize, maxFiles: maxFiles || localLimits.maxFiles } : localLimits;
  return maxSize && maxSize !== "-1" ? { maxSize, maxFiles: maxFiles || 1 } : undefined;
}

function entryOf(facts: ContainerFacts, sizeBytes: number | undefined): LogSize {
  const rotation = rotationOf(facts);
  const endless = facts.driver === "json-file" && !rotation;
  const advice = "Recreate it with `--log-opt max-size=10m --log-opt max-file=3`, or set these for all in daemon.json.";
  return {
    containerId: facts.id,
    name: facts.name,
    driver: facts.driver,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(rotation ? { rotation } : {}),
    ...(endless ? { warning: `The log of ${facts.name} grows without end. ${advice}` } : {}),
  };
}

async function sizeOf(session: LogSession, id: string, signal: AbortSignal): Promise<LogSize | undefined> {
  const facts = await readFacts(session, id, signal).catch(() => undefined);
  // A container that is removed meanwhile has no log any more.
  return facts && entryOf(facts, await fileSize(facts.logPath));
}

/** Log sizes and rotation of all containers, the largest first. Errors: unavailable, timeout. */
export async function logSizes(engine: LogEngine, signal: AbortSignal): Promise<LogSize[]> {
  const session = engine.session();
  const about = { verb: "list", kind: "container" } as const;
  const request = { about, path: "/containers/json", query: { all: true }, signal };
  const ids = (await session.http.json(request, list)).map(({ Id }) => Id);
  const entries: LogSize[] = [];
  for (let at = 0; at < ids.length; at += atOnce) {
    const sizes = await Promise.all(ids.slice(at, at + atOnce).map((id) => sizeOf(session, id, signal)));
    for (const size of sizes) if (size) entries.push(size);
  }
  return entries.sort((a, b) => (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0) || a.name.localeCompare(b.name));
}

import { z } from "zod";
import { toAppError } from "#contract/errors.ts";
import { outputOf } from "../docker/helper.ts";
import type { Session } from "../docker/session.ts";
import { sh } from "../docker/shell.ts";
import { deleteVolume, listVolumes } from "../docker/volumes.ts";
import { volumeMount } from "./file-path.ts";
import { requireUnused, type VolumeSpace } from "./space.ts";
import { removeVolume } from "./trash.ts";

/** Counting all files of a slow disk takes its time. */
const countDeadlineMs = 10 * 60_000;

const usage = z.object({
  Volumes: z.array(z.object({ Name: z.string(), UsageData: z.object({ Size: z.number() }).nullish() })).nullish(),
});

/** All volumes by the engine's own count (`GET /system/df`); those that it cannot count are left out. */
async function measureAll(session: Session, signal: AbortSignal): Promise<{ name: string; sizeBytes: number }[]> {
  const about = { verb: "measure the volumes of", kind: "engine" } as const;
  // Before API 1.42 the engine counts everything, whatever is asked for.
  const request = { about, path: "/system/df", query: { type: "volume" }, deadlineMs: countDeadlineMs, signal };
  const { Volumes: volumes } = await session.http.json(request, usage);
  return (volumes ?? []).flatMap(({ Name: name, UsageData: data }) =>
    data && data.Size >= 0 ? [{ name, sizeBytes: data.Size }] : [],
  );
}

async function measureOne(space: VolumeSpace, name: string, signal: AbortSignal): Promise<number> {
  return space.warm.use(name, async (helper) => {
    const answer = await helper.run(sh`du -sk ${volumeMount}`, { signal, deadlineMs: countDeadlineMs });
    return Number.parseInt(outputOf(answer, `${name} could not be measured`).toString("latin1"), 10) * 1024;
  });
}

/** One or two are counted through a helper each; for more the engine's count is quicker. */
export async function measureVolumes(
  space: VolumeSpace,
  names: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (names === undefined || names.length > 2) {
    const all = await measureAll(space.connection.session(), signal);
    await space.facts.noteSizes(names === undefined ? all : all.filter(({ name }) => names.includes(name)));
    return;
  }
  for (const name of names) await space.facts.noteSizes([{ name, sizeBytes: await measureOne(space, name, signal) }]);
}

/** A volume that a prune would take. */
export interface Prunable {
  readonly name: string;
  readonly anonymous: boolean;
  readonly protected: boolean;
  readonly createdAt?: number;
  readonly sizeBytes?: number;
}

/** The unused volumes of the user's own, with their sizes. */
export async function prunePreview(space: VolumeSpace, signal: AbortSignal): Promise<Prunable[]> {
  const session = space.connection.session();
  const { items } = await listVolumes(session, signal);
  const unused = items.filter(({ role, usedBy }) => role.kind === "own" && usedBy.length === 0);
  if (unused.length > 0) await measureVolumes(space, undefined, signal);
  return unused.map(({ name, anonymous, createdAt }) => {
    const sizeBytes = space.facts.sizeOf(name);
    return {
      name,
      anonymous,
      protected: space.facts.isProtected(name),
      ...(createdAt === undefined ? {} : { createdAt }),
      ...(sizeBytes === undefined ? {} : { sizeBytes }),
    };
  });
}

/** Removes exactly the named volumes, to the trash or for good. */
export async function pruneVolumes(
  space: VolumeSpace,
  { names, permanently }: { names: readonly string[]; permanently: boolean },
): Promise<{ name: string; error?: string }[]> {
  const session = space.connection.session();
  const { items } = await listVolumes(session);
  const byName = new Map(items.map((item) => [item.name, item]));
  const outcomes: { name: string; error?: string }[] = [];
  for (const name of names) {
    try {
      const volume = byName.get(name);
      if (volume) requireUnused(volume);
      if (permanently) {
        space.facts.requireChangeable(name);
        await space.warm.release(name);
        await deleteVolume(session, name);
        await space.facts.forget(name);
      } else await removeVolume(space, name, { permanently: false });
      outcomes.push({ name });
    } catch (error) {
      outcomes.push({ name, error: toAppError(error).message });
    }
  }
  return outcomes;
}

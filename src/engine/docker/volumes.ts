import { z } from "zod";
import type { VolumeSummary } from "#contract";
import { readItems, timeOf } from "./listing.ts";
import type { ListSource } from "./live-list.ts";

const strings = z.record(z.string(), z.string()).nullish();

const rawVolume = z.object({
  Name: z.string().min(1),
  Driver: z.string(),
  Mountpoint: z.string().default(""),
  CreatedAt: z.string().optional(),
  Labels: strings,
  Options: strings,
  Scope: z.string().default("local"),
});

const volumesAnswer = z.object({ Volumes: z.array(z.unknown()).nullish() });

/** One item of `GET /volumes`; undefined where it is not as the Engine API describes it. */
export function readVolumeSummary(item: unknown): VolumeSummary | undefined {
  const parsed = rawVolume.safeParse(item);
  if (!parsed.success) return undefined;
  const raw = parsed.data;
  const createdAt = timeOf(raw.CreatedAt);
  return {
    name: raw.Name,
    driver: raw.Driver,
    mountpoint: raw.Mountpoint,
    ...(createdAt === undefined ? {} : { createdAt }),
    labels: raw.Labels ?? {},
    options: raw.Options ?? {},
    scope: raw.Scope,
  };
}

/** The live list (`GET /volumes`, which takes the same time for one volume as for all). */
export const volumeList: ListSource<VolumeSummary> = {
  eventTypes: ["volume"],
  idOf: ({ name }) => name,
  // mount and unmount come with each start and stop of a container and change nothing of the volume.
  touchedBy: ({ action }) => (action === "mount" || action === "unmount" ? [] : "all"),
  list: async (session, signal) => {
    const about = { verb: "list the volumes of", kind: "engine" } as const;
    const answer = await session.http.json({ about, path: "/volumes", signal }, volumesAnswer);
    return readItems(answer.Volumes ?? [], readVolumeSummary);
  },
};

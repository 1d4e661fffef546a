import { z } from "zod";
import type { VolumeSummary, VolumeUse } from "#contract";
import { toAppError } from "#contract/errors.ts";
import { helperLabel } from "./helper-label.ts";
import { readItems, timeOf } from "./listing.ts";
import type { ListSource } from "./live-list.ts";
import type { Session } from "./session.ts";
import { waitUntilSettled } from "./settled.ts";
import { roleOf } from "./volume-role.ts";

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

const rawUser = z.object({
  Id: z.string(),
  Names: z.array(z.string()).nullish(),
  Image: z.string().default(""),
  State: z.string().default(""),
  Labels: strings,
  Mounts: z
    .array(
      z.object({
        Type: z.string().default(""),
        Name: z.string().default(""),
        Destination: z.string().default(""),
        RW: z.boolean().default(true),
      }),
    )
    .nullish(),
});

/** A container with the volumes that it mounts. */
export interface VolumeUser {
  readonly use: VolumeUse;
  readonly volume: string;
  readonly image: string;
}

const runningStates = new Set(["running", "paused", "restarting"]);
const anonymousName = /^[0-9a-f]{64}$/;
/** On volumes that the engine named by itself (Docker 23 and later). */
export const anonymousLabel = "com.docker.volume.anonymous";

function usersOf(item: unknown): VolumeUser[] | undefined {
  const parsed = rawUser.safeParse(item);
  if (!parsed.success) return undefined;
  const { Id: id, Names: names, Image: image, State: state, Labels: labels, Mounts: mounts } = parsed.data;
  if (labels?.[helperLabel] !== undefined) return [];
  const name = names?.[0]?.replace(/^\//, "") ?? id.slice(0, 12);
  return (mounts ?? []).flatMap(({ Type: type, Name: volume, Destination: destination, RW: writable }) => {
    if (type !== "volume" || volume === "") return [];
    return [{ volume, image, use: { id, name, running: runningStates.has(state), destination, readOnly: !writable } }];
  });
}

/** All uses of volumes by containers, Longshore's own helpers left out; of one volume where `volume` is given. */
export async function listVolumeUsers(
  session: Session,
  { volume, signal }: { volume?: string; signal?: AbortSignal } = {},
): Promise<VolumeUser[]> {
  const about = { verb: "list the containers of", kind: "engine" } as const;
  const query = { all: true, ...(volume === undefined ? {} : { filters: { volume: [volume] } }) };
  const answer = await session.http.json({ about, path: "/containers/json", query, signal }, z.array(z.unknown()));
  const users = readItems(answer, usersOf).items.flat();
  return volume === undefined ? users : users.filter((user) => user.volume === volume);
}

/** One item of `GET /volumes`; undefined where it is not as the Engine API describes it. */
export function readVolumeSummary(item: unknown, uses: readonly VolumeUser[] = []): VolumeSummary | undefined {
  const parsed = rawVolume.safeParse(item);
  if (!parsed.success) return undefined;
  const raw = parsed.data;
  const createdAt = timeOf(raw.CreatedAt);
  const labels = raw.Labels ?? {};
  return {
    name: raw.Name,
    driver: raw.Driver,
    mountpoint: raw.Mountpoint,
    ...(createdAt === undefined ? {} : { createdAt }),
    labels,
    options: raw.Options ?? {},
    scope: raw.Scope,
    anonymous: anonymousName.test(raw.Name) || labels[anonymousLabel] !== undefined,
    role: roleOf(labels),
    usedBy: uses.map(({ use }) => use),
  };
}

/** All volumes with who uses them (`GET /volumes`, `GET /containers/json`). */
export async function listVolumes(
  session: Session,
  signal?: AbortSignal,
): Promise<{ items: VolumeSummary[]; skipped: number }> {
  const about = { verb: "list the volumes of", kind: "engine" } as const;
  const [answer, users] = await Promise.all([
    session.http.json({ about, path: "/volumes", signal }, volumesAnswer),
    listVolumeUsers(session, signal ? { signal } : {}),
  ]);
  const byVolume = new Map<string, VolumeUser[]>();
  for (const user of users) byVolume.set(user.volume, [...(byVolume.get(user.volume) ?? []), user]);
  const nameOf = (item: unknown): string =>
    typeof item === "object" && item !== null && "Name" in item ? String(item.Name) : "";
  const { items, skipped } = readItems(answer.Volumes ?? [], (item) =>
    readVolumeSummary(item, byVolume.get(nameOf(item))),
  );
  return { items: [...items], skipped };
}

/** Container events after which a volume may be used by others than before, or differently. */
const usingActions = new Set(["create", "destroy", "start", "die", "rename"]);

/** The live list. It remembers which containers' events it has heard of, to ask after them before it lists. */
export function volumeList(): ListSource<VolumeSummary> {
  let touched = new Set<string>();
  return {
    eventTypes: ["volume", "container"],
    idOf: ({ name }) => name,
    touchedBy: ({ type, action, id, attributes }) => {
      // mount and unmount come with each start and stop of a container and change nothing of the volume.
      if (type !== "container") return action === "mount" || action === "unmount" ? [] : "all";
      if (!usingActions.has(action) || attributes[helperLabel] !== undefined) return [];
      touched.add(id);
      return "all";
    },
    list: async (session, signal) => {
      const ids = [...touched];
      touched = new Set();
      const again = await waitUntilSettled(session, ids, signal);
      for (const id of again) touched.add(id);
      return { ...(await listVolumes(session, signal)), again };
    },
  };
}

/** `GET /volumes/{name}`, with who uses it. Errors: not_found. */
export async function inspectVolume(session: Session, name: string, signal?: AbortSignal): Promise<VolumeSummary> {
  const about = { verb: "inspect", kind: "volume", name } as const;
  const path = `/volumes/${encodeURIComponent(name)}`;
  const answer = await session.http.json({ about, path, signal }, rawVolume.loose());
  const users = await listVolumeUsers(session, { volume: name, ...(signal ? { signal } : {}) });
  // The schema has just accepted it.
  return readVolumeSummary(answer, users) as VolumeSummary;
}

/** The volume, or undefined where there is none. */
export async function findVolume(session: Session, name: string): Promise<VolumeSummary | undefined> {
  try {
    return await inspectVolume(session, name);
  } catch (error) {
    if (toAppError(error).code === "not_found") return undefined;
    throw error;
  }
}

export interface NewVolume {
  readonly name?: string | undefined;
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** `POST /volumes/create`, which for a name that exists would only give the old one: callers look first. */
export async function createVolume(session: Session, volume: NewVolume, signal?: AbortSignal): Promise<string> {
  const { name, driver, options, labels } = volume;
  const about = { verb: "create", kind: "volume", name } as const;
  const body = { ...(name ? { Name: name } : {}), Driver: driver, DriverOpts: options, Labels: labels };
  const request = { about, method: "POST", path: "/volumes/create", body, signal } as const;
  const { Name: created } = await session.http.json(request, z.object({ Name: z.string() }));
  return created;
}

/** `DELETE /volumes/{name}`. Errors: not_found; conflict where a container has it. */
export async function deleteVolume(session: Session, name: string): Promise<void> {
  const about = { verb: "remove", kind: "volume", name } as const;
  await session.http.send({ about, method: "DELETE", path: `/volumes/${encodeURIComponent(name)}` });
}

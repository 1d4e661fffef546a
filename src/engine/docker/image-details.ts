import { z } from "zod";
import type { ImageDetails } from "#contract";
import { historyAnswer, layersOf } from "./image-history.ts";
import { timeOf } from "./listing.ts";
import type { Session } from "./session.ts";

const inspectDeadlineMs = 10_000;

const strings = z.array(z.string()).nullish();
const keys = z.record(z.string(), z.unknown()).nullish();

const rawConfig = z.object({
  Entrypoint: z.union([strings, z.string()]),
  Cmd: z.union([strings, z.string()]),
  WorkingDir: z.string().nullish(),
  User: z.string().nullish(),
  StopSignal: z.string().nullish(),
  Env: strings,
  ExposedPorts: keys,
  Volumes: keys,
  Labels: z.record(z.string(), z.string()).nullish(),
  Healthcheck: z.object({ Test: strings }).nullish(),
});

const rawImage = z.object({
  Id: z.string().min(1),
  RepoTags: strings,
  RepoDigests: strings,
  Created: z.string().nullish(),
  Size: z.number().default(0),
  Os: z.string().default("linux"),
  Architecture: z.string().default(""),
  Variant: z.string().nullish(),
  Author: z.string().nullish(),
  Comment: z.string().nullish(),
  Config: rawConfig.nullish(),
  RootFS: z.object({ Layers: strings }).nullish(),
});

export type RawImage = z.infer<typeof rawImage>;

const answer = z.json().transform((raw, context) => {
  const parsed = rawImage.safeParse(raw);
  if (parsed.success) return { raw, image: parsed.data };
  context.issues.push({ code: "custom", message: z.prettifyError(parsed.error), input: raw });
  return z.NEVER;
});

/** `os/architecture[/variant]`. */
export function platformOf({ Os: os, Architecture: architecture, Variant: variant }: RawImage): string {
  return [os, architecture, ...(variant ? [variant] : [])].join("/");
}

/** `GET /images/{id}/json`. Errors: not_found. */
export async function inspectRaw(session: Session, id: string, signal?: AbortSignal): Promise<z.output<typeof answer>> {
  const about = { verb: "inspect", kind: "image", name: id } as const;
  const path = `/images/${encodeURIComponent(id)}/json`;
  return session.http.json({ about, path, deadlineMs: inspectDeadlineMs, signal }, answer);
}

/** `GET /images/{id}/history`. Errors: not_found. */
export async function readHistory(
  session: Session,
  id: string,
  signal?: AbortSignal,
): Promise<z.output<typeof historyAnswer>> {
  const about = { verb: "read the history of", kind: "image", name: id } as const;
  const path = `/images/${encodeURIComponent(id)}/history`;
  return session.http.json({ about, path, deadlineMs: inspectDeadlineMs, signal }, historyAnswer);
}

function argv(value: string | string[] | null | undefined): string[] {
  if (typeof value === "string") return [value];
  return value ?? [];
}

/** `NAME=value`; a variable without a value stands for itself. */
export function readEnv(entries: readonly string[]): { name: string; value: string }[] {
  return entries.map((entry) => {
    const equals = entry.indexOf("=");
    return equals === -1
      ? { name: entry, value: "" }
      : { name: entry.slice(0, equals), value: entry.slice(equals + 1) };
  });
}

function configOf({ Config: config }: RawImage) {
  return {
    entrypoint: argv(config?.Entrypoint),
    command: argv(config?.Cmd),
    workingDir: config?.WorkingDir ?? "",
    user: config?.User ?? "",
    stopSignal: config?.StopSignal ?? "",
    env: readEnv(config?.Env ?? []),
    ports: Object.keys(config?.ExposedPorts ?? {}),
    volumes: Object.keys(config?.Volumes ?? {}),
    labels: config?.Labels ?? {},
    healthcheck: config?.Healthcheck?.Test ?? [],
  };
}

/** One image with its history. Errors: not_found. */
export async function inspectImage(session: Session, id: string, signal?: AbortSignal): Promise<ImageDetails> {
  const [{ raw, image }, history] = await Promise.all([
    inspectRaw(session, id, signal),
    readHistory(session, id, signal),
  ]);
  const createdAt = timeOf(image.Created ?? undefined);
  return {
    id: image.Id,
    tags: image.RepoTags ?? [],
    digests: image.RepoDigests ?? [],
    ...(createdAt === undefined ? {} : { createdAt }),
    sizeBytes: image.Size,
    platform: platformOf(image),
    author: image.Author ?? "",
    comment: image.Comment ?? "",
    ...configOf(image),
    layers: layersOf(history, image.RootFS?.Layers ?? []),
    raw,
  };
}

const inspectsAtOnce = 8;

/** Runs `run` for each item, a few at once; results keep the order. */
export async function mapAFewAtOnce<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await run(item);
  };
  await Promise.all(Array.from({ length: inspectsAtOnce }, worker));
  return results;
}

/** An image's platform never changes; ids are digests, so engines may share this. */
const knownPlatforms = new Map<string, string>();
const maxKnownPlatforms = 20_000;

/** Platforms by id; images that are gone are left out. */
export async function platformsOf(
  session: Session,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const unknown = ids.filter((id) => !knownPlatforms.has(id));
  if (knownPlatforms.size > maxKnownPlatforms) knownPlatforms.clear();
  await mapAFewAtOnce(unknown, async (id) => {
    const found = await inspectRaw(session, id, signal).catch(() => undefined);
    if (found) knownPlatforms.set(id, platformOf(found.image));
  });
  return Object.fromEntries(ids.flatMap((id) => (knownPlatforms.has(id) ? [[id, knownPlatforms.get(id) ?? ""]] : [])));
}

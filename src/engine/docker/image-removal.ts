import { z } from "zod";
import type { RemovalPlan } from "#contract";
import { AppError } from "#contract/errors.ts";
import { readContainerSummary } from "./container-summary.ts";
import { inspectRaw } from "./image-details.ts";
import { readUsage } from "./image-usage.ts";
import { getList } from "./listing.ts";
import type { Session } from "./session.ts";

/** Deleting many layers takes a slow disk a while. */
const removeDeadlineMs = 120_000;

const deletions = z.array(z.object({ Untagged: z.string().optional(), Deleted: z.string().optional() }));

export interface Removed {
  readonly untagged: string[];
  readonly deleted: string[];
}

/** `DELETE /images/{reference or id}`. Errors: not_found; conflict (containers, children, several references). */
export async function deleteImage(
  session: Session,
  { name, force, signal }: { name: string; force: boolean; signal: AbortSignal },
): Promise<Removed> {
  const about = { verb: "remove", kind: "image", name } as const;
  const path = `/images/${encodeURIComponent(name)}`;
  const request = { about, method: "DELETE", path, query: { force }, deadlineMs: removeDeadlineMs, signal } as const;
  const entries = await session.http.json(request, deletions);
  return {
    untagged: entries.flatMap(({ Untagged: untagged }) => untagged ?? []),
    deleted: entries.flatMap(({ Deleted: deleted }) => deleted ?? []),
  };
}

/** `POST /images/{id}/tag`. Errors: not_found, bad_request. */
export async function tagImage(
  session: Session,
  { id, repository, tag, signal }: { id: string; repository: string; tag: string; signal: AbortSignal },
): Promise<void> {
  const about = { verb: "tag", kind: "image", name: id } as const;
  const path = `/images/${encodeURIComponent(id)}/tag`;
  await session.http.send({ about, method: "POST", path, query: { repo: repository, tag }, signal });
}

/** Containers made from exactly this image, running or not. */
export async function containersOf(
  session: Session,
  imageId: string,
  signal: AbortSignal,
): Promise<RemovalPlan["containers"]> {
  const about = { verb: "list the containers of", kind: "image", name: imageId } as const;
  // The filter also finds containers of images that were built on this one; those are told as children.
  const query = { all: true, filters: { ancestor: [imageId] } };
  const { items } = await getList(
    session.http,
    { about, path: "/containers/json", query, signal },
    readContainerSummary,
  );
  return items.filter((container) => container.imageId === imageId).map(({ id, name, state }) => ({ id, name, state }));
}

const rawParent = z.object({
  Id: z.string(),
  ParentId: z.string().default(""),
  RepoTags: z.array(z.string()).nullish(),
});

async function childrenOf(session: Session, id: string, signal: AbortSignal): Promise<RemovalPlan["children"]> {
  const about = { verb: "list the images of", kind: "engine" } as const;
  const request = { about, path: "/images/json", query: { all: true }, signal };
  const { items } = await getList(session.http, request, (item) => rawParent.safeParse(item).data);
  const children = items.filter(({ ParentId: parent }) => parent === id);
  return children.map(({ Id: child, RepoTags: tags }) => ({
    id: child,
    tags: (tags ?? []).filter((tag) => tag !== "<none>:<none>"),
  }));
}

/** What removing an image would do, and what stands in the way. Errors: not_found. */
export async function planRemoval(session: Session, name: string, signal: AbortSignal): Promise<RemovalPlan> {
  const { image } = await inspectRaw(session, name, signal);
  const [containers, children, usage] = await Promise.all([
    containersOf(session, image.Id, signal),
    childrenOf(session, image.Id, signal),
    readUsage(session, signal),
  ]);
  const uniqueBytes = usage.images.find(({ id }) => id === image.Id)?.uniqueBytes ?? 0;
  return { id: image.Id, tags: image.RepoTags ?? [], containers, children, uniqueBytes };
}

/**
 * Removes an image with all its references. Without force, reference after reference, so that a container that was made
 * from it meanwhile keeps it. Errors: not_found; conflict, naming what stands in the way.
 */
export async function removeImage(
  session: Session,
  { id, force, signal }: { id: string; force: boolean; signal: AbortSignal },
): Promise<Removed> {
  const { image } = await inspectRaw(session, id, signal);
  const containers = await containersOf(session, image.Id, signal);
  const blocking = force ? containers.filter(({ state }) => state === "running") : containers;
  if (blocking.length > 0) throw inUse(image.RepoTags?.[0] ?? image.Id, blocking);
  const tags = image.RepoTags ?? [];
  if (force || tags.length === 0) return deleteImage(session, { name: image.Id, force, signal });
  const all: Removed = { untagged: [], deleted: [] };
  for (const name of tags) await collect(all, deleteNamed(session, { name, id: image.Id, signal }));
  await collect(all, deleteLeft(session, image.Id, signal));
  return all;
}

async function collect(all: Removed, part: Promise<Removed>): Promise<void> {
  const { untagged, deleted } = await part;
  all.untagged.push(...untagged);
  all.deleted.push(...deleted);
}

/** Only while the name still means the image that was looked at. */
async function deleteNamed(
  session: Session,
  { name, id, signal }: { name: string; id: string; signal: AbortSignal },
): Promise<Removed> {
  const { image } = await inspectRaw(session, name, signal);
  if (image.Id !== id) return { untagged: [], deleted: [] };
  return deleteImage(session, { name, force: false, signal });
}

/** References by digest alone, which the last tag may leave. One that others were built on stays, without a name. */
async function deleteLeft(session: Session, id: string, signal: AbortSignal): Promise<Removed> {
  const found = await inspectRaw(session, id, signal).catch(() => undefined);
  if (!found?.image.RepoDigests?.length) return { untagged: [], deleted: [] };
  return deleteImage(session, { name: id, force: false, signal });
}

function inUse(name: string, containers: RemovalPlan["containers"]): AppError {
  const shown = containers.slice(0, 3).map((container) => `${container.name} (${container.state})`);
  const more = containers.length > shown.length ? ` and ${containers.length - shown.length} more` : "";
  const message = `${name.replace(/^sha256:/, "").slice(0, 80)} is used by ${shown.join(", ")}${more}. Remove them first.`;
  return new AppError("conflict", message, { data: { containers: containers.map((container) => container.name) } });
}

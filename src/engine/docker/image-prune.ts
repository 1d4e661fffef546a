import type { PrunePreview } from "#contract";
import { toAppError } from "#contract/errors.ts";
import { readContainerSummary } from "./container-summary.ts";
import { inspectRaw, mapAFewAtOnce, readHistory } from "./image-details.ts";
import { layersOf } from "./image-history.ts";
import { removeImage } from "./image-removal.ts";
import { imageList } from "./images.ts";
import { getList } from "./listing.ts";
import type { Session } from "./session.ts";

interface LayerStack {
  readonly id: string;
  /** A layer is the same one only where all below it are the same too. */
  readonly chain: readonly { readonly key: string; readonly sizeBytes: number }[];
}

async function stackOf(session: Session, id: string, signal: AbortSignal): Promise<LayerStack | undefined> {
  try {
    const [{ image }, history] = await Promise.all([inspectRaw(session, id, signal), readHistory(session, id, signal)]);
    const layers = layersOf(history, image.RootFS?.Layers ?? []).filter(({ diffId }) => diffId !== undefined);
    let key = "";
    const chain = layers.map(({ diffId, sizeBytes }) => {
      key += `${diffId}\n`;
      return { key, sizeBytes };
    });
    return { id, chain };
  } catch (error) {
    // Removed meanwhile: then it holds nothing back.
    if (toAppError(error).code === "not_found") return undefined;
    throw error;
  }
}

async function usedImages(session: Session, signal: AbortSignal): Promise<Set<string>> {
  const about = { verb: "list the containers of", kind: "engine" } as const;
  const request = { about, path: "/containers/json", query: { all: true }, signal };
  const { items } = await getList(session.http, request, readContainerSummary);
  return new Set(items.map(({ imageId }) => imageId));
}

/** What could go, and which layers it stands on. The prune call of the engine is never used. */
export async function previewPrune(
  session: Session,
  which: "dangling" | "unused",
  signal: AbortSignal,
): Promise<PrunePreview> {
  const [{ items: images }, used] = await Promise.all([imageList.list(session, signal), usedImages(session, signal)]);
  const candidates = images.filter(({ id, tags }) => !used.has(id) && (which === "unused" || tags.length === 0));
  const isCandidate = new Set(candidates.map(({ id }) => id));
  const stacks = (await mapAFewAtOnce(images, ({ id }) => stackOf(session, id, signal))).filter((stack) => !!stack);
  const kept = new Set(
    stacks.filter(({ id }) => !isCandidate.has(id)).flatMap(({ chain }) => chain.map(({ key }) => key)),
  );
  const indexes = new Map<string, number>();
  const layers: PrunePreview["layers"] = [];
  const layersById = new Map<string, number[]>();
  for (const { id, chain } of stacks) {
    if (!isCandidate.has(id)) continue;
    const own = chain.map(({ key, sizeBytes }) => {
      const index = indexes.get(key) ?? layers.push({ sizeBytes, kept: kept.has(key) }) - 1;
      indexes.set(key, index);
      return index;
    });
    layersById.set(id, own);
  }
  const items = candidates.map(({ id, tags, createdAt, sizeBytes }) => ({
    id,
    tags,
    createdAt,
    sizeBytes,
    layers: layersById.get(id) ?? [],
  }));
  return { items, layers };
}

/** Removes exactly these, one by one; one that cannot go keeps the others going. */
export async function pruneImages(
  session: Session,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<{ id: string; problem?: string }[]> {
  const results: { id: string; problem?: string }[] = [];
  for (const id of ids) {
    if (signal.aborted) break;
    try {
      await removeImage(session, { id, force: false, signal });
      results.push({ id });
    } catch (error) {
      const { code, message } = toAppError(error);
      // Its removal with another one (a parent of it) is what was wanted.
      results.push(code === "not_found" ? { id } : { id, problem: message });
    }
  }
  return results;
}

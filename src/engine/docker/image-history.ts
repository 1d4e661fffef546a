import { z } from "zod";
import type { ImageLayer } from "#contract/images.ts";

const historyEntry = z.object({
  Created: z.number().default(0),
  CreatedBy: z.string().nullish(),
  Size: z.number().default(0),
  Comment: z.string().nullish(),
});

/** `GET /images/{id}/history`, the newest first. */
export const historyAnswer = z.array(historyEntry);

type HistoryEntry = z.infer<typeof historyEntry>;

/** Instructions that make a layer even where it is empty. */
const makesLayer = /^(?:\/bin\/sh -c #\(nop\) +)?(?:RUN|COPY|ADD|WORKDIR)\b|^\|\d+ |^\/bin\/sh -c (?!#\(nop\))/;

function isLayer({ CreatedBy: command, Size: size }: HistoryEntry): boolean {
  return size > 0 || makesLayer.test(command ?? "");
}

/**
 * Which entries are layers, given how many the image has. The API does not mark them: entries with bytes are, entries
 * without are where their instruction makes one. Where that gives another number (an import, a foreign builder), the
 * entries with bytes go first and the newest others are dropped or added until it fits.
 */
function layerIndexes(entries: readonly HistoryEntry[], count: number): Set<number> {
  const likely = entries.flatMap((entry, index) => (isLayer(entry) ? [index] : []));
  if (likely.length === count) return new Set(likely);
  const full = entries.flatMap(({ Size: size }, index) => (size > 0 ? [index] : []));
  const empty = entries.flatMap(({ Size: size }, index) => (size > 0 ? [] : [index]));
  const inOrder = [...empty.filter((index) => likely.includes(index)), ...empty.filter((i) => !likely.includes(i))];
  return new Set([...full, ...inOrder].slice(0, count));
}

/** The steps of an image, the lowest first, with the digest of the layer that each made. */
export function layersOf(history: readonly HistoryEntry[], diffIds: readonly string[]): ImageLayer[] {
  const entries = history.toReversed();
  const layers = layerIndexes(entries, diffIds.length);
  let next = 0;
  const steps = entries.map((entry, index): ImageLayer => {
    const diffId = layers.has(index) ? diffIds[next++] : undefined;
    return {
      ...(diffId === undefined ? {} : { diffId }),
      sizeBytes: entry.Size,
      ...(entry.Created > 0 ? { createdAt: entry.Created * 1000 } : {}),
      command: entry.CreatedBy ?? "",
      comment: entry.Comment ?? "",
    };
  });
  // An image whose history was squashed away still shows each of its layers.
  const untold = diffIds.slice(next).map((diffId) => ({ diffId, sizeBytes: 0, command: "", comment: "" }));
  return [...steps, ...untold];
}

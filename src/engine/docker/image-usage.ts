import { z } from "zod";
import { readItems } from "./listing.ts";
import type { Session } from "./session.ts";

/** The engine walks all layers; a slow disk takes its time. */
const usageDeadlineMs = 120_000;

const answer = z.object({ LayersSize: z.number().nullish(), Images: z.array(z.unknown()).nullish() });
const rawUsage = z.object({ Id: z.string(), Size: z.number(), SharedSize: z.number() });

interface ImageUsage {
  readonly id: string;
  readonly sharedBytes: number;
  readonly uniqueBytes: number;
}

/** `GET /system/df`: what each image shares with others, and what all layers take together. Dear. */
export async function readUsage(
  session: Session,
  signal: AbortSignal,
): Promise<{ images: ImageUsage[]; layersBytes: number }> {
  const about = { verb: "measure the images of", kind: "engine" } as const;
  // Engines from API 1.42 on leave out the dearer volumes and containers.
  const request = { about, path: "/system/df", query: { type: "image" }, deadlineMs: usageDeadlineMs, signal };
  const { LayersSize: layersBytes, Images: items } = await session.http.json(request, answer);
  const { items: images } = readItems(items ?? [], (item) => {
    const { success, data } = rawUsage.safeParse(item);
    if (!success) return undefined;
    const sharedBytes = Math.max(0, data.SharedSize);
    return { id: data.Id, sharedBytes, uniqueBytes: Math.max(0, data.Size - sharedBytes) };
  });
  return { images: [...images], layersBytes: layersBytes ?? 0 };
}

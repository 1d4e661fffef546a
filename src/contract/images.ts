import { z } from "zod";
import { listUpdate, nothing } from "./lists.ts";
import { stream } from "./rpc/procedure.ts";

/** One row of the images list (`GET /images/json`); an image without a tag has none in `tags`. */
export const imageSummary = z.object({
  id: z.string(),
  /** `repository:tag` references. */
  tags: z.array(z.string()),
  digests: z.array(z.string()),
  createdAt: z.number(),
  sizeBytes: z.number(),
  labels: z.record(z.string(), z.string()),
});

export type ImageSummary = z.infer<typeof imageSummary>;

export const images = { watch: stream(nothing, listUpdate(imageSummary)) } as const;

import { z } from "zod";
import { listUpdate, nothing } from "./lists.ts";
import { stream } from "./rpc/procedure.ts";

/** One row of the volumes list (`GET /volumes`). Sizes are asked for one by one: they are dear. */
export const volumeSummary = z.object({
  name: z.string(),
  driver: z.string(),
  mountpoint: z.string(),
  createdAt: z.number().optional(),
  labels: z.record(z.string(), z.string()),
  options: z.record(z.string(), z.string()),
  scope: z.string(),
});

export type VolumeSummary = z.infer<typeof volumeSummary>;

export const volumes = { watch: stream(nothing, listUpdate(volumeSummary)) } as const;

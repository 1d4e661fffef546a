import { z } from "zod";
import { listUpdate, nothing } from "./lists.ts";
import { stream } from "./rpc/procedure.ts";

/** One row of the networks list (`GET /networks`). */
export const networkSummary = z.object({
  id: z.string(),
  name: z.string(),
  driver: z.string(),
  scope: z.string(),
  createdAt: z.number(),
  internal: z.boolean(),
  attachable: z.boolean(),
  ipv6: z.boolean(),
  subnets: z.array(z.object({ subnet: z.string(), gateway: z.string() })),
  labels: z.record(z.string(), z.string()),
  /** bridge, host and none belong to the engine and cannot be removed. */
  builtIn: z.boolean(),
});

export type NetworkSummary = z.infer<typeof networkSummary>;

export const networks = { watch: stream(nothing, listUpdate(networkSummary)) } as const;

import { z } from "zod";
import { hostPath } from "./images.ts";
import { call } from "./rpc/procedure.ts";

const hostFile = z.object({
  name: z.string(),
  kind: z.enum(["file", "directory", "other"]),
  sizeBytes: z.number(),
  modifiedAt: z.number(),
});

export type HostFile = z.infer<typeof hostFile>;

/** The files of the machine where Longshore runs: what it saves to and loads from, whatever shows the screen. */
export const hostFiles = {
  /**
   * One folder; without a path the user's home. Folders first, then by name; a folder of more than 5,000 entries is cut.
   * Errors: not_found, permission.
   */
  list: call(
    z.object({ path: hostPath.optional() }),
    z.object({
      path: z.string(),
      parent: z.string().optional(),
      entries: z.array(hostFile),
      truncated: z.boolean(),
    }),
  ),
} as const;

import { z } from "zod";

/**
 * One item of a `*.watch` stream. The first is a `snapshot`; another follows each reconnect and each reconciliation
 * that found a difference. `skipped` counts objects whose description the engine gave in a shape we could not read.
 */
export function listUpdate<T extends z.ZodType>(item: T) {
  return z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("snapshot"), items: z.array(item), skipped: z.int().nonnegative() }),
    z.object({ kind: z.literal("change"), upserts: z.array(item), removed: z.array(z.string()) }),
  ]);
}

/** Input of procedures that need none. */
export const nothing = z.object({});

/** A container, image or network id, or a name: what the engine accepts as a reference in a path. */
export const reference = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:/@-]*$/, "is not an id or a name");

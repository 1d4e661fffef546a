import { z } from "zod";
import { wireErrorSchema } from "../wire-error.ts";

const id = z.int().nonnegative();

/** Messages back from the engine. The `end` of a call carries its answer. */
export const responseSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("item"), id, value: z.unknown() }),
  z.strictObject({ type: z.literal("end"), id, value: z.unknown().optional() }),
  z.strictObject({ type: z.literal("error"), id, error: wireErrorSchema }),
]);

export type Response = z.infer<typeof responseSchema>;

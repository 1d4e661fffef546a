import { z } from "zod";
import { wireErrorSchema } from "../errors.ts";

/**
 * Items that a producer may send before the consumer has used the first. Small, because an item is a batch (of log
 * lines, of bytes): 16 x 64 KiB is the most that one stream can hold in flight.
 */
export const creditWindow = 16;

const id = z.int().nonnegative();

/** Messages towards the engine. */
export const requestSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("open"),
    id,
    procedure: z.string().max(100),
    input: z.unknown(),
    credit: z.int().min(0).max(1024),
  }),
  z.strictObject({ type: z.literal("credit"), id, count: z.int().min(1).max(1024) }),
  z.strictObject({ type: z.literal("cancel"), id }),
]);

/** Messages back. The `end` of a call carries its answer. */
export const responseSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("item"), id, value: z.unknown() }),
  z.strictObject({ type: z.literal("end"), id, value: z.unknown().optional() }),
  z.strictObject({ type: z.literal("error"), id, error: wireErrorSchema }),
]);

export type Request = z.infer<typeof requestSchema>;
export type OpenRequest = Extract<Request, { type: "open" }>;
export type Response = z.infer<typeof responseSchema>;

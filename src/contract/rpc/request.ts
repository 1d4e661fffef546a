import { z } from "zod";

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

export type Request = z.infer<typeof requestSchema>;
export type OpenRequest = Extract<Request, { type: "open" }>;

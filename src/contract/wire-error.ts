import { z } from "zod";
import { errorCodes } from "./errors.ts";

/** The shape in which an error crosses the wire: no stack, no cause. */
export const wireErrorSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
});

export type WireError = z.infer<typeof wireErrorSchema>;

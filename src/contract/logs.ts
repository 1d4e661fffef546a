import { z } from "zod";
import { reference } from "./lists.ts";
import { stream } from "./rpc/procedure.ts";

/** Docker's answer to `tail` is bounded: the last lines of a container, then what it writes. */
export const maxTailLines = 10_000;

/**
 * A batch of whole lines: UTF-8 bytes with one record a line, in the order in which the engine sent them.
 * `ends[i]` is the offset behind line i (line breaks are not in `bytes`); `sources[i]` is 1 for stdout, 2 for stderr.
 */
const lines = z.object({
  kind: z.literal("lines"),
  bytes: z.instanceof(Uint8Array),
  ends: z.array(z.int()),
  sources: z.array(z.union([z.literal(1), z.literal(2)])),
});

export const logItem = z.discriminatedUnion("kind", [
  lines,
  /** The history is shown completely; what follows is live. */
  z.object({ kind: z.literal("live") }),
  /** The container stopped or was removed; the stream ends or, with `follow`, waits for the next start. */
  z.object({ kind: z.literal("ended"), reason: z.enum(["stopped", "removed", "engine"]) }),
  /** A container that had ended was started again; its lines follow. */
  z.object({ kind: z.literal("restarted") }),
]);

export type LogItem = z.infer<typeof logItem>;

export const logs = {
  /** Last lines and then the live ones. Errors: not_found, conflict where the log driver cannot be read. */
  tail: stream(z.object({ id: reference, tail: z.int().min(0).max(maxTailLines), follow: z.boolean() }), logItem),
} as const;

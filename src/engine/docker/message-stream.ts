import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { LineSplitter } from "./events.ts";

/** One message of the streams that pulls, pushes, loads, imports and classic builds answer with. */
const message = z.object({
  id: z.string().optional(),
  status: z.string().optional(),
  stream: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).nullish(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional(), code: z.number().optional() }).nullish(),
  aux: z.unknown().optional(),
});

export type EngineMessage = z.infer<typeof message>;

/** The engine told of a failure within a stream that had begun well. */
export class StreamedError extends Error {
  override readonly name = "StreamedError";
}

/** The stream ended where more was due: the engine stopped, or the connection broke. */
export class CutStreamError extends Error {
  override readonly name = "CutStreamError";
}

/** The engine may put several messages on one line. */
function parseLine(line: string): EngineMessage[] {
  try {
    return [message.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}

/** The messages as they come. Throws `StreamedError` at an error message, `CutStreamError` where the stream breaks. */
export async function* readMessages(response: IncomingMessage): AsyncGenerator<EngineMessage> {
  const lines = new LineSplitter();
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      for (const line of lines.push(chunk)) {
        for (const entry of parseLine(line)) {
          if (entry.error !== undefined || entry.errorDetail) {
            throw new StreamedError(entry.errorDetail?.message ?? entry.error ?? "unknown");
          }
          yield entry;
        }
      }
    }
  } catch (error) {
    if (error instanceof StreamedError || !isBroken(error)) throw error;
    throw new CutStreamError("the connection broke", { cause: error });
  }
  if (!response.complete) throw new CutStreamError("the answer was cut");
}

function isBroken(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}

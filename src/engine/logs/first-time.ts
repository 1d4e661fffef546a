import { AppError } from "#contract/errors.ts";
import type { EngineHttp } from "../docker/http.ts";
import { openLogStream } from "../docker/open-log.ts";
import { FrameParser, RawParser } from "./frame-parser.ts";
import { LineAssembler } from "./line-assembler.ts";

/**
 * Time in milliseconds of the first of the last `tail` lines, 0 where there are none. The request ends there, so it costs
 * what dockerd needs to find the place; the start of the log is found at once.
 */
export async function firstTime(
  http: EngineHttp,
  id: string,
  options: { tail: number | "all"; signal: AbortSignal },
): Promise<number> {
  const found = new AbortController();
  const signal = AbortSignal.any([options.signal, found.signal]);
  const { stream, tty } = await openLogStream(
    http,
    { id, tail: options.tail, follow: false, timestamps: true },
    signal,
  );
  let timeMs: number | undefined;
  const assembler: LineAssembler = new LineAssembler(
    () => {
      timeMs ??= assembler.head.seconds * 1000 + assembler.head.nanos / 1e6;
    },
    { timestamps: true },
  );
  const parser = tty ? new RawParser(assembler) : new FrameParser(assembler);
  try {
    for await (const chunk of stream) {
      if (!Buffer.isBuffer(chunk)) throw new AppError("internal", "the log stream gave no bytes");
      parser.push(chunk);
      if (timeMs !== undefined) break;
    }
  } finally {
    found.abort();
  }
  return timeMs ?? 0;
}

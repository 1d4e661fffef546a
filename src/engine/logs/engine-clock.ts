import type { Readable } from "node:stream";

/** An engine clock that differs by less is taken to be right; its answer's date only has whole seconds. */
const notedSkewMs = 2500;

/** How far the clock of the engine that sends a stream is behind ours, in milliseconds. */
export function skewOf(stream: Readable): number {
  const headers: unknown = "headers" in stream ? stream.headers : undefined;
  const date =
    typeof headers === "object" && headers !== null && "date" in headers
      ? Date.parse(String(headers.date))
      : Number.NaN;
  const skew = Date.now() - date;
  return Math.abs(skew) > notedSkewMs ? skew : 0;
}

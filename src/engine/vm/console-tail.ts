import { open } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import { sleep } from "./deadline.ts";

const pollMs = 100;
const chunkBytes = 64 * 1024;

/** The lines of a growing file, from its start, until the signal fires; waits for the file where it is not there yet. */
export async function* tailLines(path: string, signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  const buffer = Buffer.alloc(chunkBytes);
  let offset = 0;
  let rest = "";
  while (!signal.aborted) {
    const bytesRead = await readAt(path, buffer, offset);
    offset += bytesRead;
    const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split("\n");
    rest = (lines.pop() ?? "").slice(-chunkBytes);
    yield* lines;
    if (bytesRead < chunkBytes) await sleep(pollMs, signal).catch(() => undefined);
  }
}

async function readAt(path: string, buffer: Buffer, offset: number): Promise<number> {
  const file = await open(path, "r").catch(() => undefined);
  if (!file) return 0;
  try {
    return (await file.read(buffer, 0, buffer.length, offset)).bytesRead;
  } finally {
    await file.close();
  }
}

import type { KeptLogs } from "./kept-logs.ts";

/** The frames of a name's files in order; of one container only with those that begin before a time. */
export async function* keptFrames(
  kept: KeptLogs,
  { name, containerId, beforeMs }: { name: string; containerId: string; beforeMs: number },
  signal: AbortSignal,
): AsyncGenerator<{ bytes: Uint8Array<ArrayBuffer> }> {
  for (const generation of await kept.generationsOf(name)) {
    const isOwn = generation.container.containerId === containerId;
    for (const segment of [...generation.segments]) {
      if (signal.aborted) return;
      if (isOwn && segment.firstMs > beforeMs) break;
      const bytes = await generation.read(segment);
      if (bytes.length > 0) yield { bytes: new Uint8Array(bytes) };
    }
    // What is younger than the container itself cannot come before it.
    if (isOwn) return;
  }
}

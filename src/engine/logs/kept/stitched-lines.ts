import type { LogSourceSpec } from "#contract/log-view.ts";
import { readFacts } from "../container-facts.ts";
import type { LogEngine } from "../engine-port.ts";
import { containerLines } from "../line-stream.ts";
import type { LogWorkerClient } from "../log-worker-client.ts";
import { lineFlags } from "../store/block.ts";
import type { ExportLine } from "../store/export-format.ts";
import { detectLevel } from "../store/levels.ts";
import { readFrames } from "./frame.ts";
import { eachLine } from "./kept-pages.ts";

interface Reach {
  readonly engine: LogEngine;
  readonly worker: LogWorkerClient;
}

function isBefore(line: ExportLine, first: ExportLine | undefined): boolean {
  if (!first) return true;
  return line.seconds !== first.seconds ? line.seconds < first.seconds : line.nanos < first.nanos;
}

/** A source's whole log in order: what is kept of before, then what the engine has. */
export async function* stitchedLines(
  { engine, worker }: Reach,
  spec: LogSourceSpec,
  signal: AbortSignal,
): AsyncGenerator<ExportLine[]> {
  if (spec.kind === "past") {
    yield* keptLines(worker, { name: spec.name, containerId: "", first: undefined }, signal);
    return;
  }
  const { id: containerId, name } = await readFacts(engine.session(), spec.id, signal);
  const batches = containerLines(engine, { id: containerId, name }, signal);
  try {
    const opening = await batches.next();
    const batch = opening.done ? [] : opening.value;
    yield* keptLines(worker, { name, containerId, first: batch[0] }, signal);
    if (batch.length > 0) yield batch;
    yield* batches;
  } finally {
    await batches.return(undefined).catch(() => {});
  }
}

async function* keptLines(
  worker: LogWorkerClient,
  target: { name: string; containerId: string; first: ExportLine | undefined },
  signal: AbortSignal,
): AsyncGenerator<ExportLine[]> {
  const { name, containerId, first } = target;
  const beforeMs = first ? first.seconds * 1000 + first.nanos / 1e6 : Number.MAX_SAFE_INTEGER;
  for await (const { bytes } of worker.kept.read({ name, containerId, beforeMs }, { signal })) {
    const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const frame of readFrames(file)) {
      const lines: ExportLine[] = [];
      eachLine(frame, ({ seconds, nanos, flags }, { start, end }) => {
        if (flags & lineFlags.divider) return;
        const line: ExportLine = {
          bytes: frame.text.subarray(start, end),
          seconds,
          nanos,
          stream: flags & lineFlags.stderr ? "stderr" : "stdout",
          level: detectLevel(frame.text, start, end),
          name,
          unfinished: (flags & lineFlags.unfinished) !== 0,
        };
        if (isBefore(line, first)) lines.push(line);
      });
      if (lines.length > 0) yield lines;
    }
  }
}

import { AppError } from "#contract/errors.ts";
import { openLogStream } from "../docker/open-log.ts";
import type { LogEngine } from "./engine-port.ts";
import { FrameParser, RawParser } from "./frame-parser.ts";
import { LineAssembler } from "./line-assembler.ts";
import type { ExportLine } from "./store/export-format.ts";
import { detectLevel } from "./store/levels.ts";

/** A container's whole log as the engine has it now, in batches, read only as fast as it is used. */
export async function* containerLines(
  engine: LogEngine,
  container: { id: string; name: string },
  signal: AbortSignal,
): AsyncGenerator<ExportLine[]> {
  const request = { id: container.id, tail: "all", follow: false, timestamps: true } as const;
  const { stream, tty } = await openLogStream(engine.session().http, request, signal);
  let lines: ExportLine[] = [];
  const assembler: LineAssembler = new LineAssembler(
    (bytes, start, end) => {
      const { seconds, nanos, source, unfinished } = assembler.head;
      lines.push({
        bytes: Buffer.from(bytes.subarray(start, end)),
        seconds,
        nanos,
        stream: source === 2 ? "stderr" : "stdout",
        level: detectLevel(bytes, start, end),
        name: container.name,
        unfinished,
      });
    },
    { timestamps: true },
  );
  const parser = tty ? new RawParser(assembler) : new FrameParser(assembler);
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) throw new AppError("internal", "the log stream gave no bytes");
    parser.push(chunk);
    if (lines.length > 0) yield lines;
    lines = [];
  }
  parser.end();
  if (lines.length > 0) yield lines;
}

interface Lane {
  readonly batches: AsyncGenerator<ExportLine[]>;
  batch: ExportLine[];
  next: number;
}

/** The lane's next line; the next batch is waited for where this one is used up. */
async function head(lane: Lane): Promise<ExportLine | undefined> {
  while (lane.next >= lane.batch.length) {
    const result = await lane.batches.next();
    if (result.done) return undefined;
    lane.batch = result.value;
    lane.next = 0;
  }
  return lane.batch[lane.next];
}

function isBefore(a: ExportLine, b: ExportLine): boolean {
  return a.seconds !== b.seconds ? a.seconds < b.seconds : a.nanos < b.nanos;
}

/** Several sources by time; of equal times the earlier source comes first. Holds one batch of each. */
export async function* mergedLines(sources: readonly AsyncGenerator<ExportLine[]>[]): AsyncGenerator<ExportLine> {
  const lanes: Lane[] = sources.map((batches) => ({ batches, batch: [], next: 0 }));
  try {
    for (;;) {
      let least: { lane: Lane; line: ExportLine } | undefined;
      for (const lane of lanes) {
        // Only an empty lane needs to wait: one promise a line would cost more than the line.
        const line = lane.batch[lane.next] ?? (await head(lane));
        if (line && (!least || isBefore(line, least.line))) least = { lane, line };
      }
      if (!least) return;
      least.lane.next += 1;
      yield least.line;
    }
  } finally {
    for (const { batches } of lanes) void batches.return(undefined).catch(() => {});
  }
}

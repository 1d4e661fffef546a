import { type LogLevel, logLevels } from "#contract/log-view.ts";
import type { logExportFormats } from "#contract/logs.ts";

export type ExportFormat = (typeof logExportFormats)[number];

export interface ExportLine {
  readonly bytes: Buffer;
  readonly seconds: number;
  readonly nanos: number;
  readonly stream: "stdout" | "stderr";
  /** Index into `logLevels`. */
  readonly level: number;
  readonly name: string;
  readonly unfinished: boolean;
}

const lineBreak = Buffer.from("\n");

function stamp({ seconds, nanos }: ExportLine): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(nanos).padStart(9, "0")}Z`;
}

/** One line of a file. `withName`: the file has lines of several sources. */
export function formatLine(line: ExportLine, format: ExportFormat, withName: boolean): Buffer {
  const rest = line.unfinished ? Buffer.alloc(0) : lineBreak;
  switch (format) {
    case "raw":
      return Buffer.concat([line.bytes, rest]);
    case "timestamps":
      return Buffer.concat([Buffer.from(`${stamp(line)} ${withName ? `${line.name} ` : ""}`), line.bytes, lineBreak]);
    case "jsonl": {
      const level: LogLevel = logLevels[line.level] ?? "none";
      const { stream, name: container } = line;
      const entry = { time: stamp(line), container, stream, level, message: line.bytes.toString("utf8") };
      return Buffer.from(`${JSON.stringify(entry)}\n`);
    }
  }
}

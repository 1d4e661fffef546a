import { type ExportFormat, type ExportLine, formatLine } from "./store/export-format.ts";

const pieceBytes = 256 * 1024;

/** Lines as the pieces of a file. */
export async function* exportLines(
  lines: AsyncIterable<ExportLine>,
  options: { format: ExportFormat; withName: boolean },
): AsyncGenerator<{ bytes: Uint8Array<ArrayBuffer>; lines: number }> {
  let parts: Buffer[] = [];
  let size = 0;
  let count = 0;
  for await (const line of lines) {
    const part = formatLine(line, options.format, options.withName);
    parts.push(part);
    size += part.length;
    count += 1;
    if (size < pieceBytes) continue;
    yield { bytes: new Uint8Array(Buffer.concat(parts)), lines: count };
    parts = [];
    size = 0;
  }
  if (size > 0) yield { bytes: new Uint8Array(Buffer.concat(parts)), lines: count };
}

import { setImmediate as nextTurn } from "node:timers/promises";
import { lineFlags } from "./block.ts";
import { type ExportFormat, formatLine } from "./export-format.ts";
import { levelMask } from "./levels.ts";
import { needLevels } from "./shown-order.ts";
import type { View } from "./view.ts";
import { shownRows } from "./view-rows.ts";

interface ExportOptions {
  readonly format: ExportFormat;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

const pieceBytes = 256 * 1024;

/** The shown rows as the bytes of a file; dividers are left out. Ends early where the order changes under it. */
export async function* exportShown(
  view: View,
  { format, from, to }: ExportOptions,
  signal: AbortSignal,
): AsyncGenerator<{ bytes: Uint8Array<ArrayBuffer>; lines: number }> {
  const { epoch } = view;
  const withName = view.feeds.size > 1;
  let parts: Buffer[] = [];
  let size = 0;
  let lines = 0;
  const last = to ?? view.shown.end;
  for (let at = from ?? view.shown.first; at < last && !signal.aborted && view.epoch === epoch; at += 1000) {
    for (const row of shownRows(view, at, Math.min(at + 1000, last))) {
      const { block, index, store, source } = row;
      const flags = block.flags[index] ?? 0;
      if (flags & lineFlags.divider) continue;
      needLevels(store, block);
      const line = {
        bytes: block.line(index),
        seconds: block.seconds[index] ?? 0,
        nanos: block.nanos[index] ?? 0,
        stream: flags & lineFlags.stderr ? "stderr" : "stdout",
        level: (block.levels[index] ?? 0) & levelMask,
        name: view.feeds.get(source)?.name ?? "",
        unfinished: (flags & lineFlags.unfinished) !== 0,
      } as const;
      const part = formatLine(line, format, withName);
      parts.push(part);
      size += part.length;
      lines += 1;
    }
    if (size < pieceBytes) continue;
    yield { bytes: new Uint8Array(Buffer.concat(parts)), lines };
    parts = [];
    size = 0;
    await nextTurn();
  }
  if (size > 0) yield { bytes: new Uint8Array(Buffer.concat(parts)), lines };
}

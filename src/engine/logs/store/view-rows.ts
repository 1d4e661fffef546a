import { type LogRows, maxRowBytes } from "#contract/log-view.ts";
import { type Block, lineFlags } from "./block.ts";
import { levelMask, traceBit } from "./levels.ts";
import { Cursor, type LineStore, timeMs } from "./line-store.ts";
import { needLevels } from "./shown-order.ts";
import type { View } from "./view.ts";

/** One row before it is put into the arrays of the answer. */
export interface Row {
  readonly source: number;
  readonly line: number;
  readonly block: Block;
  readonly index: number;
  readonly store: LineStore;
}

/** The shown rows from a position on. */
export function* shownRows(view: View, from: number, to: number): Generator<Row> {
  const { shown, base, stores } = view;
  const cursors = new Map<number, Cursor>();
  for (let row = Math.max(from, shown.first); row < Math.min(to, shown.end); row += 1) {
    const position = shown.baseAt(row);
    const source = base.sourceAt(position);
    const line = base.lineAt(position);
    const store = stores.get(source);
    if (!store) continue;
    let cursor = cursors.get(source);
    if (!cursor) {
      cursor = new Cursor(store);
      cursors.set(source, cursor);
    }
    const block = cursor.seek(line);
    yield { source, line, block, index: cursor.index, store };
  }
}

/** A cut that leaves the last character whole. */
function cutAt(bytes: Buffer, limit: number): number {
  if (bytes.length <= limit) return bytes.length;
  let end = limit;
  while (end > limit - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}

/** The lines of a stack trace that follow a line. */
function foldedBehind({ store, line }: Row): number {
  let count = 0;
  for (;;) {
    const place = store.find(line + 1 + count);
    if (!place) return count;
    needLevels(store, place.block);
    if (((place.block.levels[place.index] ?? 0) & traceBit) === 0) return count;
    count += 1;
  }
}

export type PlainRows = Omit<LogRows, "highlights">;

/** Rows as `logs.rows` gives them, and their texts for the highlights. */
export function readRows(view: View, from: number, count: number): { rows: PlainRows; texts: string[] } {
  const first = Math.max(from, view.shown.first);
  const list = [...shownRows(view, first, from + count)];
  const parts = list.map(({ block, index }) => {
    const line = block.line(index);
    return line.subarray(0, cutAt(line, maxRowBytes));
  });
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  const ends: number[] = [];
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
    ends.push(offset);
  }
  for (const { store, block } of list) needLevels(store, block);
  const flag = ({ block, index }: Row): number => block.flags[index] ?? 0;
  const { search, filter, shown } = view;
  const base = list.map((_, index) => shown.baseAt(first + index));
  const rows: PlainRows = {
    epoch: view.epoch,
    from: first,
    bytes,
    ends,
    lengths: list.map(({ block, index }) => (block.ends[index] ?? 1) - 1 - block.startOf(index)),
    sources: list.map(({ source }) => source),
    lines: list.map(({ line }) => line),
    streams: list.map((row) => (flag(row) & lineFlags.divider ? 0 : flag(row) & lineFlags.stderr ? 2 : 1)),
    levels: list.map(({ block, index }) => (block.levels[index] ?? 0) & levelMask),
    times: list.map(timeMs),
    matched: list.map(({ block, index }) => search?.bits.has(block, index) ?? false),
    folded: list.map((row, at) => (filter.foldTraces && base[at + 1] !== (base[at] ?? 0) + 1 ? foldedBehind(row) : 0)),
    broken: base.map((position, at) =>
      filter.onlyMatches && search && first + at + 1 < shown.end
        ? shown.baseAt(first + at + 1) !== position + 1
        : false,
    ),
  };
  const texts = search ? parts.map((part, at) => (rows.streams[at] === 0 ? "" : part.toString("utf8"))) : [];
  return { rows, texts };
}

import { logLevels } from "#contract/log-view.ts";
import type { LogHistogram } from "#contract/logs.ts";
import { lineFlags } from "./block.ts";
import { levelMask } from "./levels.ts";
import { Cursor, timeMs } from "./line-store.ts";
import { LineTest, levelAll, needLevels } from "./shown-order.ts";
import type { View } from "./view.ts";

export interface HistogramRange {
  readonly buckets: number;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Lines over time by level, of all that the filter lets through apart from its time range. */
export async function histogramOf(view: View, range: HistogramRange): Promise<LogHistogram> {
  await levelAll(view.stores.values());
  const { base, stores } = view;
  const { from: _from, to: _to, ...filter } = view.filter;
  const test = new LineTest(base, { ...view.context(), filter });
  const onlyMatches = view.search ? filter.onlyMatches : undefined;
  const span = spanOf(view);
  const from = range.from ?? span.from;
  const to = Math.max(range.to ?? span.to, from + 1);
  const bucketMs = (to - from) / range.buckets;
  const counts = Array.from({ length: range.buckets }, () => logLevels.map(() => 0));
  const cursors = new Map([...stores].map(([index, store]) => [index, new Cursor(store)]));
  const end = range.to === undefined ? base.end : base.positionAtTime(to);
  for (let position = base.positionAtTime(from); position < end; position += 1) {
    if (!test.passes(position) || (onlyMatches && test.matches() === onlyMatches.invert)) continue;
    const cursor = cursors.get(base.sourceAt(position));
    if (!cursor) continue;
    const block = cursor.seek(base.lineAt(position));
    const { index } = cursor;
    if ((block.flags[index] ?? 0) & lineFlags.divider) continue;
    if (block.levelled < block.count) needLevels(cursor.store, block);
    const bucket = Math.floor((timeMs({ block, index }) - from) / bucketMs);
    const levels = counts[Math.min(Math.max(bucket, 0), range.buckets - 1)];
    const level = (block.levels[index] ?? 0) & levelMask;
    if (levels) levels[level] = (levels[level] ?? 0) + 1;
  }
  return { from, bucketMs, buckets: counts };
}

function spanOf({ stores }: View): { from: number; to: number } {
  const filled = [...stores.values()].filter((store) => store.count > 0);
  if (filled.length === 0) return { from: 0, to: 1 };
  return {
    from: Math.min(...filled.map((store) => store.timeOf(store.first))),
    to: Math.max(...filled.map((store) => store.timeOf(store.end - 1))),
  };
}

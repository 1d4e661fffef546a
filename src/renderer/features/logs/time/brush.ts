/** A time span under the pointer, from where it went down to where it is. */
export interface Brush {
  readonly startX: number;
  readonly endX: number;
}

/** Less is a click, not a span. */
const leastPx = 4;

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly widthPx: number;
}

export function timeAt(x: number, { from, to, widthPx }: Axis): number {
  return from + (Math.min(widthPx, Math.max(0, x)) / widthPx) * (to - from);
}

export function xAt(time: number, { from, to, widthPx }: Axis): number {
  return ((time - from) / Math.max(1, to - from)) * widthPx;
}

/** The time range of a brush, in either direction; undefined for a click. */
export function rangeOf({ startX, endX }: Brush, axis: Axis): { from: number; to: number } | undefined {
  if (Math.abs(endX - startX) < leastPx) return undefined;
  const [left, right] = [Math.min(startX, endX), Math.max(startX, endX)];
  // The last line's own millisecond belongs to a span that is drawn to the very edge.
  const isEdge = right >= axis.widthPx - 1;
  return { from: Math.floor(timeAt(left, axis)), to: Math.ceil(timeAt(right, axis)) + (isEdge ? 1 : 0) };
}

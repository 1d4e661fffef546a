import type { LogLineId, LogRows } from "#contract";
import type { RowRange } from "./geometry.ts";
import type { LogRow } from "./row.ts";

/** What the window asks the engine for. */
export interface RowSource {
  readonly rows: (from: number, count: number) => Promise<LogRows>;
  readonly locate: (id: LogLineId) => Promise<{ epoch: number; position: number }>;
  /** The beginning of what is there is near. */
  readonly nearTop: () => void;
}

/** What is drawn. */
export interface WindowView {
  readonly epoch: number;
  readonly rows: RowRange;
  /** Position of the first of `list`. */
  readonly from: number;
  /** Undefined where a row has not come yet. */
  readonly list: readonly (LogRow | undefined)[];
  readonly following: boolean;
  /** Rows that came since following was released. */
  readonly newRows: number;
}

export interface Placed {
  readonly translatePx: number;
  readonly spacerPx: number;
  /** Absent while the scrollbar is being dragged. */
  readonly scrollTop?: number;
}

/** What of a view's status concerns its rows. */
export interface OrderStatus {
  readonly epoch: number;
  readonly first: number;
  readonly count: number;
  readonly changedFrom?: number | undefined;
  readonly changedBefore?: number | undefined;
}

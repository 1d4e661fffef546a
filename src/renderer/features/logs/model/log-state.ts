import { create, type StoreApi, type UseBoundStore } from "zustand";
import {
  type AppError,
  type LogFilter,
  type LogLoadProgress,
  type LogQuery,
  type LogStatus,
  noLogFilter,
} from "#contract";
import type { LineKey } from "./row.ts";

/** A row that the user is at: found by the search, or gone to by the arrow keys. */
export interface ActiveRow {
  readonly key: LineKey;
  readonly position: number;
}

export interface SearchState {
  /** What is looked for; undefined without a search. */
  readonly query: LogQuery | undefined;
  readonly matches: number;
  /** 0 to 1. */
  readonly scanned: number;
  readonly done: boolean;
  /** The expression took too long; what was found until then stays. */
  readonly stopped: string | undefined;
  /** Why it is no expression, and where. */
  readonly invalid: { readonly reason: string; readonly position: number | undefined } | undefined;
  /** Which of the matches one is at, from 1. */
  readonly ordinal: number | undefined;
}

export const noSearch: SearchState = {
  query: undefined,
  matches: 0,
  scanned: 0,
  done: true,
  stopped: undefined,
  invalid: undefined,
  ordinal: undefined,
};

export interface LogState {
  /** Why the view cannot be opened; gone once it is. */
  readonly error: AppError | undefined;
  readonly status: LogStatus | undefined;
  readonly filter: LogFilter;
  readonly isCleared: boolean;
  readonly search: SearchState;
  readonly load: LogLoadProgress | undefined;
  readonly isReadingOlder: boolean;
  /** Long lines that were asked for whole. */
  readonly whole: ReadonlyMap<LineKey, string>;
  /** Lines whose JSON is open. */
  readonly opened: ReadonlySet<LineKey>;
  /** Lines whose stack trace is open while traces are folded. */
  readonly unfolded: ReadonlySet<LineKey>;
  readonly active: ActiveRow | undefined;
}

export type LogStore = UseBoundStore<StoreApi<LogState>>;

export function createLogStore(): LogStore {
  return create<LogState>(() => ({
    error: undefined,
    status: undefined,
    filter: noLogFilter,
    isCleared: false,
    search: noSearch,
    load: undefined,
    isReadingOlder: false,
    whole: new Map(),
    opened: new Set(),
    unfolded: new Set(),
    active: undefined,
  }));
}

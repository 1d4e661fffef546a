import type { RowData } from "@tanstack/react-table";
import { useMemo, useRef, useState } from "react";
import type { DataColumn } from "./column.ts";
import { buildEntries, type Entry, holdPosition, sameOrder } from "./entries.ts";
import { useSortedRows } from "./use-sorted-rows.ts";

interface EntriesOptions<T> {
  readonly rows: readonly T[];
  readonly columns: readonly DataColumn<T>[];
  readonly idOf: (row: T) => string;
  readonly sort: string;
  readonly groupOf?: ((row: T) => string | undefined) | undefined;
  readonly collapsed: ReadonlySet<string>;
  /** What the user chose (search, filter): when it changes, rows may move wherever the pointer is. */
  readonly viewKey: string;
}

export interface LiveEntries<T> {
  readonly entries: readonly Entry<T>[];
  /** The line under the pointer, which must not move; undefined when the pointer has left. */
  readonly pin: (key: string | undefined) => void;
}

/** The lines of a list, live, but calm under the pointer. */
export function useEntries<T extends RowData>(options: EntriesOptions<T>): LiveEntries<T> {
  const { idOf, groupOf, collapsed, sort, viewKey } = options;
  const sorted = useSortedRows(options);
  const target = useMemo(() => buildEntries(sorted, { idOf, groupOf, collapsed }), [sorted, idOf, groupOf, collapsed]);
  const pinned = useRef<string>(undefined);
  const [, arrange] = useState(0);
  const shown = useRef<{ view: string; target: readonly Entry<T>[]; entries: readonly Entry<T>[] }>(undefined);
  const view = `${viewKey}\n${sort}\n${[...collapsed].join("\n")}\n${groupOf ? "grouped" : ""}`;
  const before = shown.current;
  const isHeld = pinned.current !== undefined && before !== undefined && before.view === view;
  if (!before || before.target !== target || !isHeld) {
    const entries = isHeld && pinned.current ? holdPosition(before.entries, target, pinned.current) : target;
    shown.current = { view, target, entries };
  }
  const entries = shown.current?.entries ?? target;
  const pin = (key: string | undefined): void => {
    pinned.current = key;
    if (key === undefined && !sameOrder(entries, target)) arrange((count) => count + 1);
  };
  return { entries, pin };
}

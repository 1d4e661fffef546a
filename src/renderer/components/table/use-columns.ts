import { useMemo } from "react";
import { useChangeSettings, useSettings } from "../../hooks/use-settings.ts";
import type { DataColumn } from "./column.ts";

export interface ColumnChoice<T> {
  readonly visible: readonly DataColumn<T>[];
  readonly isVisible: (column: DataColumn<T>) => boolean;
  readonly setVisible: (column: DataColumn<T>, visible: boolean) => void;
}

/** Which columns a list shows: the user's choice (kept in the settings), and what the width allows. */
export function useColumns<T>(table: string, columns: readonly DataColumn<T>[], widthPx: number): ColumnChoice<T> {
  const { settings } = useSettings();
  const change = useChangeSettings();
  const hidden = settings.hiddenColumns[table];
  return useMemo(() => {
    const hiddenIds = new Set(hidden ?? columns.filter((column) => column.hidden).map(({ id }) => id));
    const isVisible = (column: DataColumn<T>): boolean => column.fixed === true || !hiddenIds.has(column.id);
    return {
      isVisible,
      visible: columns.filter((column) => isVisible(column) && widthPx >= (column.from ?? 0)),
      setVisible: (column, visible) => {
        const next = columns.filter((each) => (each === column ? !visible : !isVisible(each))).map(({ id }) => id);
        change({ hiddenColumns: { ...settings.hiddenColumns, [table]: next } });
      },
    };
  }, [columns, hidden, widthPx, change, settings.hiddenColumns, table]);
}

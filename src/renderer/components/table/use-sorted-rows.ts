import {
  type ColumnDef,
  createSortedRowModel,
  type RowData,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useMemo } from "react";
import { type DataColumn, parseSort } from "./column.ts";

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
type Features = typeof features;

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

function compare(one: unknown, other: unknown): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return collator.compare(String(one), String(other));
}

function toDefinition<T extends RowData>(column: DataColumn<T>): ColumnDef<Features, T, unknown> {
  return {
    id: column.id,
    accessorFn: (row) => column.sortBy?.(row),
    enableSorting: column.sortBy !== undefined,
    sortUndefined: "last",
    sortFn: (one, other, id) => compare(one.getValue(id), other.getValue(id)),
  };
}

interface SortedRowsOptions<T> {
  readonly rows: readonly T[];
  readonly columns: readonly DataColumn<T>[];
  readonly idOf: (row: T) => string;
  readonly sort: string;
}

/** The rows in the chosen order. */
export function useSortedRows<T extends RowData>({ rows, columns, idOf, sort }: SortedRowsOptions<T>): readonly T[] {
  const definitions = useMemo(() => columns.map(toDefinition), [columns]);
  const sorting = useMemo(() => {
    const { column, descending } = parseSort(sort);
    return [{ id: column, desc: descending }];
  }, [sort]);
  const table = useTable({ features, data: rows, columns: definitions, getRowId: idOf, state: { sorting } });
  const model = table.getRowModel();
  return useMemo(() => model.rows.map(({ original }) => original), [model]);
}

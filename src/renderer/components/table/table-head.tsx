import { ArrowDown, ArrowUp } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Checkbox } from "../ui/checkbox.tsx";
import { type DataColumn, nextSort, parseSort } from "./column.ts";

interface HeadCellProps<T> {
  readonly column: DataColumn<T>;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
}

function HeadCell<T>({ column, sort, onSort }: HeadCellProps<T>) {
  const { column: sorted, descending } = parseSort(sort);
  const isSorted = sorted === column.id;
  const ariaSort = isSorted ? (descending ? "descending" : "ascending") : column.sortBy ? "none" : undefined;
  const Arrow = descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={ariaSort}
      className={`flex min-w-0 items-center px-2 text-left text-sm font-medium text-muted ${column.align === "end" ? "justify-end" : ""}`}
    >
      {column.sortBy ? (
        <button
          type="button"
          onClick={() => onSort(nextSort(sort, column.id))}
          className="focus-inset group/sort -mx-1 flex h-6 min-w-0 items-center gap-1 rounded-sm px-1 hover:text-ink"
        >
          <span className="truncate">{column.header}</span>
          <Arrow
            size={12}
            aria-hidden
            className={isSorted ? "shrink-0" : "shrink-0 opacity-0 group-hover/sort:opacity-50"}
          />
        </button>
      ) : (
        <span className="truncate">{column.header}</span>
      )}
    </th>
  );
}

interface TableHeadProps<T> {
  readonly columns: readonly DataColumn<T>[];
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly selectable: boolean;
  readonly allSelected: boolean;
  readonly someSelected: boolean;
  readonly onSelectAll: (selected: boolean) => void;
  readonly hasActions: boolean;
}

function PlainTableHead<T>(props: TableHeadProps<T>) {
  const { t } = useTranslation();
  const { columns, sort, onSort, selectable, hasActions } = props;
  return (
    <thead className="sticky top-0 z-20 block bg-surface">
      <tr aria-rowindex={1} className="grid h-8 grid-cols-(--columns) border-b border-line px-2">
        {selectable && (
          <th scope="col" className="flex items-center justify-center">
            <Checkbox
              label={t("table.selectAll")}
              checked={props.allSelected}
              indeterminate={props.someSelected && !props.allSelected}
              onChange={props.onSelectAll}
            />
          </th>
        )}
        {columns.map((column) => (
          <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
        ))}
        {hasActions && (
          <th scope="col" className="flex items-center px-2">
            <span className="sr-only">{t("table.actions")}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

/** The header line; it stays in sight. */
export const TableHead = memo(PlainTableHead) as typeof PlainTableHead;

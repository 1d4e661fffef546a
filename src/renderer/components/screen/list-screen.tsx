import type { RowData } from "@tanstack/react-table";
import { SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useReadiness } from "../../hooks/use-engine.ts";
import { useTitle } from "../../hooks/use-title.ts";
import { formatNumber } from "../../lib/format.ts";
import type { LiveList } from "../../lib/live-list.ts";
import { ColumnMenu } from "../table/column-menu.tsx";
import { DataTable, type DataTableProps } from "../table/data-table.tsx";
import { focusRows } from "../table/use-row-focus.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import type { ListView } from "./use-list-view.ts";

interface ListScreenProps<T extends RowData> {
  readonly title: string;
  readonly searchLabel: string;
  readonly list: LiveList<unknown>;
  /** Rows without search and filter. */
  readonly total: number;
  readonly view: ListView;
  /** Filters with counts. */
  readonly filters?: ReactNode;
  /** Quiet controls beside the columns menu. */
  readonly tools?: ReactNode;
  /** The one main button. */
  readonly action?: ReactNode;
  /** The list is Longshore's own: it is whole also without an engine. */
  readonly isLocal?: boolean;
  /** Shown where the engine has none at all. */
  readonly empty: ReactNode;
  readonly table: Omit<DataTableProps<T>, "label" | "sort" | "onSort" | "viewKey" | "stale">;
}

function Header<T extends RowData>(props: ListScreenProps<T>) {
  const { t } = useTranslation();
  const { list, table, view, total: count } = props;
  const isPart = table.rows.length !== count;
  return (
    <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-4 py-2">
      <h1 className="text-lg font-medium">{props.title}</h1>
      {list.items && (
        <span className="text-muted" role="status">
          {isPart ? t("table.of", { shown: formatNumber(table.rows.length), count }) : formatNumber(count)}
        </span>
      )}
      <div className="order-last flex w-full flex-wrap items-center gap-2 lg:order-none lg:w-auto lg:grow">
        <SearchField
          main
          label={props.searchLabel}
          value={view.query}
          onChange={view.setQuery}
          onArrowDown={focusRows}
          className="w-full min-w-40 sm:w-56"
        />
        {list.items && props.filters}
      </div>
      <div className="ml-auto flex items-center gap-1">
        {props.tools}
        <ColumnMenu table={table.name} columns={table.columns} />
        {props.action ? <div className="ml-1">{props.action}</div> : null}
      </div>
    </header>
  );
}

function Body<T extends RowData>({ title, list, total, view, empty, table, isLocal }: ListScreenProps<T>) {
  const { t } = useTranslation();
  const readiness = useReadiness();
  if (list.items === undefined) {
    // The banner above says why the engine is away; a second message here would only repeat it.
    if (!isLocal && !readiness.ready) return null;
    if (list.error) return <ErrorState title={t("failed")} message={list.error.message} />;
    return <Skeleton what={title} />;
  }
  if (total === 0) return empty;
  if (table.rows.length === 0) {
    const action = <Button onClick={view.clear}>{t("table.clearFilters")}</Button>;
    const body = t("table.noMatchBody", { count: total });
    return <EmptyState icon={SearchX} title={t("table.noMatch")} body={body} action={action} />;
  }
  return (
    <DataTable
      {...table}
      label={title}
      sort={view.sort}
      onSort={view.setSort}
      viewKey={`${view.appliedQuery}\n${view.filter}`}
      stale={!isLocal && !readiness.ready}
    />
  );
}

/** A screen with one list: one quiet header line, and below it the table or what stands in its place. */
export function ListScreen<T extends RowData>(props: ListScreenProps<T>) {
  const { t } = useTranslation();
  useTitle(props.title);
  const { skipped } = props.list;
  return (
    <section aria-label={props.title} className="flex h-full min-h-0 flex-col">
      <Header {...props} />
      {skipped > 0 && (
        <p role="status" className="border-b border-line bg-paused-tint px-4 py-1.5 text-paused">
          {t("skipped", { count: skipped })}
        </p>
      )}
      <div className="relative min-h-0 grow">
        <Body {...props} />
      </div>
    </section>
  );
}

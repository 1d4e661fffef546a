import { type ReactNode, useCallback, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../../../hooks/use-now.ts";
import { useSettings } from "../../../hooks/use-settings.ts";
import type { LogSession } from "../model/log-session.ts";
import { DownloadDialog } from "../out/download-dialog.tsx";
import { SizesDialog } from "../out/sizes-dialog.tsx";
import { fieldPattern } from "../text/json-line.ts";
import { timeColumns, timeFormatter } from "../text/time-format.ts";
import { Histogram } from "../time/histogram.tsx";
import { LogTools } from "../tools/log-tools.tsx";
import { SearchTrouble } from "../tools/search-bar.tsx";
import type { ChangeLogSearch, LogSearch } from "../tools/use-log-search.ts";
import { LogEmpty } from "./log-empty.tsx";
import { LogList } from "./log-list.tsx";
import { type RowFacts, RowFactsProvider } from "./row-facts.ts";
import { StatusLine } from "./status-line.tsx";
import { useSecond } from "./use-second.ts";
import type { Looks } from "./use-source-looks.ts";

interface LogViewerProps {
  readonly session: LogSession;
  readonly search: LogSearch;
  readonly onChange: ChangeLogSearch;
  /** Accessible name of the lines. */
  readonly label: string;
  /** The container's name; undefined where there are several. */
  readonly name: string | undefined;
  /** Of the containers of one timeline. */
  readonly looks?: Looks;
  /** The containers, above the lines. */
  readonly legend?: ReactNode;
  readonly onShowSources?: () => void;
}

const nothing = (): void => {};

function useRowFactsOf({ session, search, onChange, looks }: LogViewerProps): RowFacts {
  const { t } = useTranslation("logs");
  const { logTimestamps: mode, logWrap: wrap } = useSettings().settings;
  const oldestAt = session.store(({ status }) =>
    Math.min(...(status?.sources.flatMap((source) => source.oldestAt ?? []) ?? [])),
  );
  const today = useNow();
  const withDate = Number.isFinite(oldestAt) && new Date(oldestAt).toDateString() !== new Date(today).toDateString();
  const now = useSecond(mode === "relative");
  const onField = useCallback(
    (key: string, value: string | number | boolean | null) =>
      onChange({ q: fieldPattern(key, value), regex: true, case: true, only: 0, invert: undefined }),
    [onChange],
  );
  const isOnlyMatches = search.only !== undefined && search.q !== undefined;
  const showsBreaks = isOnlyMatches && (search.only ?? 0) > 0;
  return useMemo(
    () => ({
      t,
      session,
      wrap,
      formatTime: timeFormatter(mode, { withDate, now }),
      timeColumns: timeColumns(mode, withDate),
      looks: looks?.looks,
      nameColumns: looks?.nameColumns ?? 0,
      isOnlyMatches,
      showsBreaks,
      onField,
      onLeaveMatches: () => onChange({ only: undefined, invert: undefined }),
    }),
    [t, session, wrap, mode, withDate, now, looks, isOnlyMatches, showsBreaks, onField, onChange],
  );
}

/** The log of one container or of several on one timeline: tools, lines over time, the lines, how it stands. */
export function LogViewer(props: LogViewerProps) {
  const { session, search, onChange, label, name, legend, onShowSources = nothing } = props;
  const { logHistogram } = useSettings().settings;
  const facts = useRowFactsOf(props);
  const troubleId = useId();
  const [dialog, setDialog] = useState<"download" | "sizes">();
  const isEmpty = session.store(({ status }) => (status?.count ?? 0) === 0);
  const close = (): void => setDialog(undefined);
  return (
    <RowFactsProvider value={facts}>
      <div className="flex h-full min-h-0 flex-col">
        <LogTools
          session={session}
          search={search}
          onChange={onChange}
          troubleId={troubleId}
          onDownload={() => setDialog("download")}
          onSizes={() => setDialog("sizes")}
        />
        <SearchTrouble session={session} id={troubleId} />
        {legend}
        {logHistogram && <Histogram session={session} search={search} onChange={onChange} />}
        <div className="relative flex min-h-0 grow flex-col">
          <LogList session={session} label={label} />
          {isEmpty && (
            <div className="absolute inset-0 overflow-y-auto bg-surface">
              <LogEmpty session={session} name={name} onChange={onChange} onShowSources={onShowSources} />
            </div>
          )}
        </div>
        <StatusLine session={session} />
        {dialog === "download" && <DownloadDialog session={session} name={name ?? "longshore"} onClose={close} />}
        {dialog === "sizes" && <SizesDialog onClose={close} />}
      </div>
    </RowFactsProvider>
  );
}

import { useNavigate, useSearch } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ContainerSummary, LogSourceSpec } from "#contract";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { ErrorState } from "../../components/ui/error-state.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useReadiness } from "../../hooks/use-engine.ts";
import { useLiveList } from "../../hooks/use-live.ts";
import { useSettings } from "../../hooks/use-settings.ts";
import { useTitle } from "../../hooks/use-title.ts";
import { containersSource } from "../../lib/sources.ts";
import type { LogSession } from "./model/log-session.ts";
import { chooseSources } from "./sources/choose-sources.ts";
import { Legend } from "./sources/legend.tsx";
import { type MergedSearch, readMergedSearch } from "./sources/merged-search.ts";
import { SourcePicker } from "./sources/source-picker.tsx";
import { useLogSearch } from "./tools/use-log-search.ts";
import { LogViewer } from "./view/log-viewer.tsx";
import { useLogSession } from "./view/use-log-session.ts";
import { useSourceLooks } from "./view/use-source-looks.ts";

const noContainers: readonly ContainerSummary[] = [];
const noneHidden: ReadonlySet<number> = new Set();

function toggled(set: ReadonlySet<number>, index: number): ReadonlySet<number> {
  const next = new Set(set);
  if (!next.delete(index)) next.add(index);
  return next;
}

interface TimelineProps {
  readonly session: LogSession;
  /** What all names begin with and that says nothing here. */
  readonly common: string;
  readonly hidden: ReadonlySet<number>;
  readonly onHide: (hidden: ReadonlySet<number>) => void;
}

function Timeline({ session, common, hidden, onHide }: TimelineProps) {
  const { t } = useTranslation("logs");
  const { search, change } = useLogSearch();
  const looks = useSourceLooks(session, common);
  const legend = (
    <Legend session={session} looks={looks} hidden={hidden} onToggle={(index) => onHide(toggled(hidden, index))} />
  );
  return (
    <LogViewer
      session={session}
      search={search}
      onChange={change}
      label={t("labelMerged", { count: looks.looks.size })}
      name={undefined}
      looks={looks}
      legend={legend}
      onShowSources={() => onHide(noneHidden)}
    />
  );
}

/** The sources of the URL, those that were shown before included while they exist. */
function useSources(containers: readonly ContainerSummary[], search: MergedSearch): readonly LogSourceSpec[] {
  const shown = useRef<{ readonly key: string; readonly ids: Set<string> }>({ key: "", ids: new Set() });
  return useMemo(() => {
    const key = JSON.stringify(search);
    if (shown.current.key !== key) shown.current = { key, ids: new Set() };
    const sources = chooseSources(containers, search, shown.current.ids);
    for (const spec of sources) if (spec.kind === "container") shown.current.ids.add(spec.id);
    return sources;
  }, [containers, search]);
}

function Body({
  sources,
  search,
  common,
}: {
  readonly sources: readonly LogSourceSpec[];
  readonly search: MergedSearch;
  readonly common: string;
}) {
  const { t } = useTranslation(["logs", "common"]);
  const list = useLiveList(containersSource);
  const readiness = useReadiness();
  const { settings } = useSettings();
  const { search: logSearch } = useLogSearch();
  const [hidden, setHidden] = useState(noneHidden);
  const session = useLogSession({ sources, settings, search: logSearch, hidden });
  if (session) return <Timeline session={session} common={common} hidden={hidden} onHide={setHidden} />;
  if (list.items === undefined) {
    if (!readiness.ready) return null;
    return list.error ? (
      <ErrorState title={t("common:failed")} message={list.error.message} />
    ) : (
      <Skeleton what={t("logs:title")} />
    );
  }
  const isRunning = !search.c && search.project === undefined;
  const title = t(isRunning ? "logs:sources.noRunning" : "logs:sources.none");
  return (
    <EmptyState
      icon={ScrollText}
      title={title}
      body={t(isRunning ? "logs:sources.noRunningBody" : "logs:sources.noneBody")}
    />
  );
}

/** Any containers on one timeline. */
export function LogsScreen() {
  const { t } = useTranslation("logs");
  const navigate = useNavigate();
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const key = JSON.stringify(readMergedSearch(raw));
  const search = useMemo((): MergedSearch => readMergedSearch(JSON.parse(key)), [key]);
  const containers = useLiveList(containersSource).items ?? noContainers;
  const sources = useSources(containers, search);
  const chosen = useMemo(
    () => new Set(sources.flatMap((spec) => (spec.kind === "container" ? spec.id : []))),
    [sources],
  );
  useTitle(search.project === undefined ? t("title") : `${search.project} · ${t("title")}`);
  const change = (next: MergedSearch): void => {
    const { c: _c, project: _project, past: _past, ...rest } = raw;
    void navigate({ to: "/logs", search: { ...rest, ...next }, replace: true });
  };
  return (
    <section aria-label={t("title")} className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-4 py-2">
        <h1 className="text-lg font-medium">{t("title")}</h1>
        <SourcePicker containers={containers} search={search} chosen={chosen} onChange={change} />
      </header>
      <div className="min-h-0 grow">
        <Body
          key={key}
          sources={sources}
          search={search}
          common={search.project === undefined ? "" : `${search.project}-`}
        />
      </div>
    </section>
  );
}

import { CircleX } from "lucide-react";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { LogStatus } from "#contract";
import { Badge } from "../../../components/ui/badge.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { IconButton } from "../../../components/ui/icon-button.tsx";
import { ProgressBar } from "../../../components/ui/progress-bar.tsx";
import { formatBytes, formatDuration, formatNumber, formatSeconds } from "../../../lib/format.ts";
import type { LogSession } from "../model/log-session.ts";
import { useLogDownload } from "../out/log-download.ts";
import { useCalm } from "./use-calm.ts";

/** Less is the ordinary delay of a line. */
const behindFromMs = 1500;

function sum(status: LogStatus, of: (source: LogStatus["sources"][number]) => number): number {
  return status.sources.reduce((total, source) => total + of(source), 0);
}

/** What the engine or the memory kept from us. Nothing is left out in silence. */
function Losses({ status }: { readonly status: LogStatus }) {
  const { t } = useTranslation("logs");
  const behindMs = Math.max(0, ...status.sources.map((source) => source.behindMs));
  const gaps = sum(status, (source) => source.gaps);
  const evicted = sum(status, ({ evictedLines }) => evictedLines);
  const duplicates = sum(status, (source) => source.duplicates);
  return (
    <>
      {behindMs >= behindFromMs && (
        <Badge tone="paused" tip={t("status.behindTip")}>
          {t("status.behind", { duration: formatSeconds(behindMs) })}
        </Badge>
      )}
      {gaps > 0 && (
        <Badge tone="paused" tip={t("status.gapsTip")}>
          {t("status.gaps", { count: gaps })}
        </Badge>
      )}
      {evicted > 0 && (
        <Badge tip={t("status.evictedTip", { budget: formatBytes(status.memory.budgetBytes) })}>
          {t("status.evicted", { formatted: formatNumber(evicted) })}
        </Badge>
      )}
      {duplicates > 0 && (
        <Badge tip={t("status.duplicatesTip")}>
          {t("status.duplicates", { count: duplicates, formatted: formatNumber(duplicates) })}
        </Badge>
      )}
    </>
  );
}

function useStateWords(status: LogStatus, isReadingOlder: boolean): string {
  const { t } = useTranslation("logs");
  const states = new Set(status.sources.map(({ state }) => state));
  if (states.has("reading")) return t("status.reading");
  if (isReadingOlder) return t("status.older");
  if (states.has("lost")) return t("status.lost");
  if (states.has("live")) return t("status.live");
  if (states.has("waiting")) return t("status.waiting");
  return states.has("past") ? t("status.past") : "";
}

function Progress({
  value,
  label,
  children,
}: {
  readonly value: number | undefined;
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <span className="flex items-center gap-2">
      <ProgressBar label={label} value={value} className="w-24" />
      <span className="whitespace-nowrap">{label}</span>
      {children}
    </span>
  );
}

function Running({ session }: { readonly session: LogSession }) {
  const { t } = useTranslation("logs");
  const load = useCalm(session.store, (state) => state.load, 100);
  const download = useLogDownload(({ running }) => running);
  return (
    <>
      {load && (
        <Progress
          value={load.fraction}
          label={t("status.loading", { formatted: formatNumber(load.lines), percent: Math.floor(load.fraction * 100) })}
        >
          <Button tone="quiet" className="h-6" onClick={() => session.stopLoading()}>
            {t("status.stopLoading")}
          </Button>
        </Progress>
      )}
      {download && (
        <Progress
          value={undefined}
          label={t("download.running", {
            name: download.name,
            formatted: formatNumber(download.lines),
            size: formatBytes(download.bytes),
          })}
        >
          <IconButton icon={CircleX} label={t("download.cancel")} onClick={download.cancel} />
        </Progress>
      )}
    </>
  );
}

/** How the log stands: how many lines, whether there are older ones, and what is missing. */
export const StatusLine = memo(function StatusLine({ session }: { readonly session: LogSession }) {
  const { t } = useTranslation("logs");
  const status = useCalm(session.store, (state) => state.status);
  const isReadingOlder = session.store((state) => state.isReadingOlder);
  const isCleared = session.store((state) => state.isCleared);
  const isLoading = session.store(({ load }) => load !== undefined);
  const words = useStateWords(status ?? emptyStatus, isReadingOlder);
  if (!status) return <footer className="h-8 shrink-0 border-t border-line" />;
  const isComplete = status.sources.every(({ complete }) => complete);
  const isReading = status.sources.some(({ state }) => state === "reading");
  const spanMs = spanOf(status);
  return (
    <footer className="flex min-h-8 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-3 py-1 text-sm text-muted">
      <span className="whitespace-nowrap">
        {t("count", { count: status.count, formatted: formatNumber(status.count) })}
      </span>
      {spanMs > 0 && (
        <span className="whitespace-nowrap">{t("status.over", { duration: formatDuration(spanMs) })}</span>
      )}
      <span className="whitespace-nowrap">{words}</span>
      {isCleared && (
        <span className="flex items-center gap-1">
          {t("status.cleared")}
          <Button tone="quiet" className="h-6" onClick={() => session.setCleared(false)}>
            {t("empty.showCleared")}
          </Button>
        </span>
      )}
      <Losses status={status} />
      {status.kept.state === "memory" && status.kept.notice && (
        <Badge tone="paused" tip={status.kept.notice}>
          {t("status.memory", { notice: status.kept.notice })}
        </Badge>
      )}
      <span className="ml-auto flex flex-wrap items-center gap-3">
        <Running session={session} />
        {!isLoading && !isReading && isComplete && <span>{t("status.complete")}</span>}
        {!isLoading && !isReading && !isComplete && (
          <span className="flex items-center gap-1">
            {t("status.moreOlder")}
            <Button tone="quiet" className="h-6 text-link" onClick={() => void session.loadAll()}>
              {t("tools.loadAll")}
            </Button>
          </span>
        )}
      </span>
    </footer>
  );
});

const emptyStatus: LogStatus = {
  kind: "status",
  epoch: 0,
  first: 0,
  count: 0,
  sources: [],
  memory: { usedBytes: 0, budgetBytes: 0 },
  kept: { state: "memory" },
};

function spanOf({ sources }: LogStatus): number {
  const oldest = Math.min(...sources.flatMap(({ oldestAt }) => oldestAt ?? []));
  const newest = Math.max(...sources.flatMap(({ newestAt }) => newestAt ?? []));
  return Number.isFinite(newest - oldest) ? newest - oldest : 0;
}

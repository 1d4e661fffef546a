import { useTranslation } from "react-i18next";
import type { LogMark } from "#contract";
import { classes } from "../../../lib/classes.ts";
import { formatDuration, shortId } from "../../../lib/format.ts";
import type { LogRow } from "../model/row.ts";
import { shortTime } from "../text/time-format.ts";
import { useRowFacts } from "./row-facts.ts";

function useMarkWords(): (mark: LogMark) => string {
  const { t } = useTranslation("logs");
  return (mark) => {
    switch (mark.kind) {
      case "stopped":
        return mark.exitCode === undefined ? t("mark.stopped") : t("mark.stoppedCode", { code: mark.exitCode });
      case "health":
        return t("mark.health", { status: mark.status });
      case "generation": {
        const { image } = mark;
        const id = shortId(mark.containerId);
        return image ? t("mark.generationImage", { id, image }) : t("mark.generation", { id });
      }
      case "gap":
        return t(`mark.${mark.why}`, { duration: formatDuration(Math.max(0, mark.to - mark.from)) });
      case "started":
      case "oom":
      case "removed":
      case "reconnected":
        return t(`mark.${mark.kind}`);
    }
  };
}

function toneOf(mark: LogMark): string {
  if (mark.kind === "oom" || (mark.kind === "stopped" && mark.exitCode !== undefined && mark.exitCode !== 0))
    return "text-failed";
  if (mark.kind === "gap" || (mark.kind === "health" && mark.status === "unhealthy")) return "text-paused";
  if (mark.kind === "started") return "text-running";
  return "text-muted";
}

/** What happened to the container, between its lines. */
export function DividerRow({ row }: { readonly row: LogRow }) {
  const words = useMarkWords();
  const { looks } = useRowFacts();
  const name = looks?.get(row.source)?.name;
  if (!row.mark) return <div className="h-[18px]" />;
  return (
    <div
      role="separator"
      aria-label={words(row.mark)}
      className={classes(
        "flex h-[26px] items-center gap-2.5 pr-3 pl-2 font-sans text-sm select-none",
        toneOf(row.mark),
      )}
    >
      <span className="h-px w-4 shrink-0 bg-line" />
      <span className="shrink-0 font-medium">
        {name && <span className="text-muted">{name} · </span>}
        {words(row.mark)}
      </span>
      {row.time > 0 && <span className="shrink-0 text-faint">{shortTime(row.time, "local")}</span>}
      <span className="h-px grow bg-line" />
    </div>
  );
}

import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { LogSourceStatus } from "#contract";
import { classes } from "../../../lib/classes.ts";
import type { LogSession } from "../model/log-session.ts";
import { useCalm } from "../view/use-calm.ts";
import type { Looks } from "../view/use-source-looks.ts";

interface LegendProps {
  readonly session: LogSession;
  readonly looks: Looks;
  readonly hidden: ReadonlySet<number>;
  readonly onToggle: (index: number) => void;
}

function Chip({
  source,
  looks,
  hidden,
  onToggle,
}: Omit<LegendProps, "session"> & { readonly source: LogSourceStatus }) {
  const { t } = useTranslation("logs");
  const { index, name, error, state } = source;
  const isHidden = hidden.has(index);
  const look = looks.looks.get(index);
  return (
    <button
      type="button"
      aria-pressed={!isHidden}
      aria-label={t(isHidden ? "sources.show" : "sources.hide", { name })}
      data-tip={error ? t("sources.failed", { name, error }) : name}
      onClick={() => onToggle(index)}
      className={classes(
        "flex h-6 max-w-44 shrink-0 items-center gap-1.5 rounded-full border border-line bg-surface px-2 text-sm hover:bg-hover",
        isHidden && "text-muted line-through",
      )}
    >
      {error ? (
        <TriangleAlert size={12} aria-hidden className="shrink-0 text-paused" />
      ) : (
        <span
          aria-hidden="true"
          className={classes("size-2 shrink-0 rounded-full border-2", isHidden && "opacity-40")}
          // A ring where it writes no more.
          style={{ borderColor: look?.colour, backgroundColor: state === "live" ? look?.colour : "transparent" }}
        />
      )}
      <span className="truncate">{look?.name || name}</span>
    </button>
  );
}

/** The containers of the timeline by colour; a click hides one or shows it again. */
export function Legend({ session, looks, hidden, onToggle }: LegendProps) {
  const { t } = useTranslation("logs");
  const sources = useCalm(session.store, ({ status }) => status?.sources) ?? [];
  return (
    <div
      role="group"
      aria-label={t("sources.label")}
      className="flex max-h-16 min-h-9 shrink-0 flex-wrap items-center gap-1 overflow-y-auto border-b border-line px-3 py-1.5"
    >
      {sources.map((source) => (
        <Chip key={source.index} source={source} looks={looks} hidden={hidden} onToggle={onToggle} />
      ))}
    </div>
  );
}

import { ChevronDown, ChevronRight, Copy, LocateFixed } from "lucide-react";
import { memo, useMemo } from "react";
import { logLevels } from "#contract";
import { IconButton } from "../../../components/ui/icon-button.tsx";
import { classes } from "../../../lib/classes.ts";
import { copyAndTell } from "../../../lib/clipboard.ts";
import { formatBytes } from "../../../lib/format.ts";
import { keyOf, type LogRow } from "../model/row.ts";
import { plainText } from "../text/ansi.ts";
import { jsonOf } from "../text/json-line.ts";
import { DividerRow } from "./divider-row.tsx";
import { JsonDetail } from "./json-detail.tsx";
import { LineText } from "./line-text.tsx";
import { useRowFacts } from "./row-facts.ts";

const letters = ["", "T", "D", "I", "W", "E", "F"] as const;
const chip =
  "mx-1 inline-flex items-center gap-0.5 rounded-sm border border-line bg-surface px-1.5 align-top font-sans text-xs leading-4 text-muted select-none hover:bg-hover hover:text-ink";

export interface LineRowProps {
  readonly row: LogRow;
  readonly whole: string | undefined;
  readonly isOpened: boolean;
  readonly isUnfolded: boolean;
  readonly isActive: boolean;
  readonly isHovered: boolean;
  /** Has its buttons: the one under the pointer, else the current one. */
  readonly hasActions: boolean;
}

function Level({ row }: { readonly row: LogRow }) {
  const { t } = useRowFacts();
  const level = logLevels[row.level] ?? "none";
  return (
    <span
      aria-hidden="true"
      data-tip={level === "none" ? undefined : t(`level.${level}`)}
      className="w-3 shrink-0 text-center font-medium select-none"
      style={{ color: `var(--level-${level})` }}
    >
      {letters[row.level]}
    </span>
  );
}

function Gutter({ row }: { readonly row: LogRow }) {
  const { t, formatTime, timeColumns, looks, nameColumns } = useRowFacts();
  const look = looks?.get(row.source);
  return (
    <>
      {looks && (
        <span
          data-tip={look?.name}
          className="shrink-0 truncate pr-2 font-sans font-medium select-none"
          style={{ color: look?.colour, width: `${nameColumns}ch` }}
        >
          {look?.name}
        </span>
      )}
      {formatTime && (
        <span className="shrink-0 pr-2 text-faint select-none" style={{ minWidth: `calc(${timeColumns}ch + 8px)` }}>
          {formatTime(row.time)}
        </span>
      )}
      <Level row={row} />
      <span
        data-tip={row.stream === 2 ? t("stderr") : undefined}
        className={classes(
          "mx-1 my-[3px] w-0.5 shrink-0 self-stretch rounded-full",
          row.stream === 2 && "bg-(--level-error)",
        )}
      />
    </>
  );
}

/** Small buttons behind the text, for what is not shown of a line. */
function Chips({ row, whole, isUnfolded }: Pick<LineRowProps, "row" | "whole" | "isUnfolded">) {
  const { t, session } = useRowFacts();
  const isCut = row.isCut && whole === undefined;
  if (!isCut && row.folded === 0 && !isUnfolded) return null;
  const size = formatBytes(row.lengthBytes);
  return (
    <>
      {isCut && (
        <button
          type="button"
          tabIndex={-1}
          data-tip={t("row.cut", { size })}
          className={chip}
          onClick={() => void session.showWhole(row)}
        >
          {t("row.showWhole", { size })}
        </button>
      )}
      {(row.folded > 0 || isUnfolded) && (
        <button
          type="button"
          tabIndex={-1}
          aria-expanded={isUnfolded}
          className={chip}
          onClick={() => session.toggleFold(row)}
        >
          {isUnfolded ? <ChevronDown size={11} aria-hidden /> : <ChevronRight size={11} aria-hidden />}
          {isUnfolded ? t("row.foldTrace") : t("row.trace", { count: row.folded })}
        </button>
      )}
    </>
  );
}

function Actions({ row, text }: { readonly row: LogRow; readonly text: string }) {
  const { t, session, isOnlyMatches, onLeaveMatches } = useRowFacts();
  const show = (): void => {
    session.showInContext(row);
    onLeaveMatches();
  };
  return (
    <span className="popup sticky right-2 z-10 -mr-1 ml-auto flex h-[18px] shrink-0 items-center self-start overflow-hidden rounded-sm font-sans shadow-none select-none">
      {isOnlyMatches && <IconButton icon={LocateFixed} label={t("row.context")} className="h-4" onClick={show} />}
      <IconButton icon={Copy} label={t("row.copy")} className="h-4" onClick={() => void copyAndTell(text)} />
    </span>
  );
}

function Line(props: LineRowProps) {
  const { row, whole, isOpened, isActive, isHovered, hasActions } = props;
  const { t, session, wrap, showsBreaks } = useRowFacts();
  const raw = whole ?? row.raw;
  const text = useMemo(() => plainText(raw), [raw]);
  const json = useMemo(() => (row.isCut && whole === undefined ? undefined : jsonOf(text)), [row.isCut, whole, text]);
  return (
    <div
      className={classes(
        "flex items-start pr-3 pl-1",
        row.level >= 5 && "bg-failed-tint/60",
        isHovered && "bg-hover",
        isActive && "bg-selected shadow-[inset_2px_0_var(--color-accent)]",
        row.isBroken && showsBreaks && "shadow-[inset_0_-1px_var(--color-line)]",
      )}
    >
      <Gutter row={row} />
      <span className="w-4 shrink-0 select-none">
        {json !== undefined && (
          <button
            type="button"
            tabIndex={-1}
            aria-expanded={isOpened}
            aria-label={t(isOpened ? "row.closeJson" : "row.openJson")}
            onClick={() => session.toggleOpened(keyOf(row))}
            className="relative flex h-[18px] w-4 items-center justify-center rounded-sm text-faint after:absolute after:-inset-x-1 after:-inset-y-[3px] hover:bg-active hover:text-ink"
          >
            {isOpened ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
          </button>
        )}
      </span>
      <div className={classes("min-w-0 grow", wrap ? "wrap-anywhere whitespace-pre-wrap" : "whitespace-pre")}>
        {row.stream === 2 && <span className="sr-only select-none">{t("stderr")}: </span>}
        <span data-at={row.position} dir="auto" className="[unicode-bidi:isolate] select-text">
          <LineText raw={raw} hits={whole === undefined ? row.hits : noHits} />
        </span>
        <Chips {...props} />
        {isOpened && json !== undefined && <JsonDetail key={keyOf(row)} value={json} />}
      </div>
      {hasActions && <Actions row={row} text={text} />}
    </div>
  );
}

const noHits: readonly (readonly [number, number])[] = [];

/** One row of the log: a line, or what happened between two. */
export const LineRow = memo(function LineRow(props: LineRowProps) {
  return props.row.stream === 0 ? <DividerRow row={props.row} /> : <Line {...props} />;
});

import { ArrowDownToLine } from "lucide-react";
import { type MouseEvent, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../components/ui/button.tsx";
import { formatNumber } from "../../../lib/format.ts";
import type { LogSession } from "../model/log-session.ts";
import { keyOf } from "../model/row.ts";
import { ActiveLine } from "./active-line.tsx";
import { LineRow } from "./line-row.tsx";
import { MatchMarks } from "./match-marks.tsx";
import { useRowFacts } from "./row-facts.ts";
import { useListSize } from "./use-list-size.ts";
import { useLogKeys } from "./use-log-keys.ts";
import { usePlacement } from "./use-placement.ts";
import { useRowSelection } from "./use-row-selection.ts";
import { useSlots } from "./use-slots.ts";
import { useWheel } from "./use-wheel.ts";

function positionAt({ target }: { readonly target: EventTarget }): number | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
  return row ? Number(row.dataset.row) : undefined;
}

function Rows({ session, hovered }: { readonly session: LogSession; readonly hovered: number | undefined }) {
  const { t } = useTranslation("logs");
  const { from, list } = useSyncExternalStore(session.window.subscribe, session.window.view);
  const whole = session.store((state) => state.whole);
  const opened = session.store((state) => state.opened);
  const unfolded = session.store((state) => state.unfolded);
  const active = session.store((state) => state.active);
  const slotOf = useSlots(from, from + list.length);
  return list.map((row, index) => {
    const position = from + index;
    const key = row && keyOf(row);
    return (
      <div key={slotOf(position)} data-row={position} className="min-h-[18px]">
        {row && key ? (
          <LineRow
            row={row}
            whole={whole.get(key)}
            isOpened={opened.has(key)}
            isUnfolded={unfolded.has(key)}
            isActive={active?.key === key}
            isHovered={hovered === position}
            hasActions={hovered === undefined ? active?.key === key : hovered === position}
          />
        ) : (
          <span className="sr-only">{t("row.loading")}</span>
        )}
      </div>
    );
  });
}

function JumpToLatest({ session }: { readonly session: LogSession }) {
  const { t } = useTranslation("logs");
  const { subscribe, view } = session.window;
  const following = useSyncExternalStore(subscribe, () => view().following);
  const newRows = useSyncExternalStore(subscribe, () => view().newRows);
  if (following) return null;
  return (
    <Button
      tone="primary"
      icon={ArrowDownToLine}
      className="absolute right-7 bottom-3 z-20 shadow-popup"
      onClick={() => session.window.follow()}
    >
      {t("jump", { count: newRows, formatted: formatNumber(newRows) })}
    </Button>
  );
}

interface LogListProps {
  readonly session: LogSession;
  readonly label: string;
}

/** The lines: a window of some fifty rows over all of them. */
export function LogList({ session, label }: LogListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const [hovered, setHovered] = useState<number>();
  const { wrap, onLeaveMatches } = useRowFacts();
  const list = session.window;
  const heightPx = useListSize(list, { scroller, probe, wrap });
  // Draws anew with each change of the window, so that rows are placed before the browser paints.
  useSyncExternalStore(list.subscribe, list.view);
  usePlacement(list, { scroller, spacer, rows });
  useWheel(list, scroller);
  const { selected, select, onCopy } = useRowSelection(session, rows);
  const onKeyDown = useLogKeys({ session, selected, select, onLeaveMatches });
  const onClick = useCallback(
    (event: MouseEvent) => {
      const position = positionAt(event);
      const row = position === undefined ? undefined : list.row(position);
      const isPlain =
        document.getSelection()?.isCollapsed !== false && !(event.target as Element).closest("button,a,input");
      if (row && row.stream !== 0 && isPlain)
        session.store.setState({ active: { key: keyOf(row), position: row.position } });
    },
    [list, session],
  );
  useEffect(() => {
    // A row that was left by the focus while it went out of sight takes the focus with it.
    const inner = rows.current;
    const onOut = (): void => {
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true });
      });
    };
    inner?.addEventListener("focusout", onOut);
    return () => inner?.removeEventListener("focusout", onOut);
  }, []);
  return (
    <div className="relative min-h-0 grow bg-sunken">
      <section
        ref={scroller}
        aria-label={label}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onCopy={onCopy}
        onClick={onClick}
        onPointerMove={(event) => setHovered(positionAt(event))}
        onPointerLeave={() => setHovered(undefined)}
        className="log-scroller focus-inset absolute inset-0 overflow-auto"
      >
        <div ref={spacer} className="min-w-full" style={{ width: wrap ? "100%" : "max-content" }}>
          <div className="sticky top-0 overflow-y-clip" style={{ height: heightPx }}>
            <div ref={rows} className="font-mono text-sm leading-[18px] will-change-transform">
              <Rows session={session} hovered={hovered} />
            </div>
          </div>
        </div>
      </section>
      <span ref={probe} aria-hidden="true" className="invisible absolute font-mono text-sm select-none">
        0000000000
      </span>
      <MatchMarks session={session} />
      <ActiveLine session={session} />
      <JumpToLatest session={session} />
    </div>
  );
}

import { type PointerEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSettings } from "../../../hooks/use-settings.ts";
import { formatNumber } from "../../../lib/format.ts";
import type { LogSession } from "../model/log-session.ts";
import { fullTime, shortTime } from "../text/time-format.ts";
import type { ChangeLogSearch, LogSearch } from "../tools/use-log-search.ts";
import { type Axis, type Brush, rangeOf, timeAt, xAt } from "./brush.ts";
import { drawBars, levelColours } from "./draw-bars.ts";
import { useHistogram } from "./use-histogram.ts";

const barPx = 5;

interface HistogramProps {
  readonly session: LogSession;
  readonly search: LogSearch;
  readonly onChange: ChangeLogSearch;
}

function useWidth(element: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const observer = new ResizeObserver(() => setWidth(target.clientWidth));
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

/** Redraws when the theme changes, because a canvas does not by itself. */
function useTheme(): string {
  const [theme, setTheme] = useState("");
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const read = (): void => setTheme(`${query.matches}:${document.documentElement.dataset.theme ?? ""}`);
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    query.addEventListener("change", read);
    return () => {
      observer.disconnect();
      query.removeEventListener("change", read);
    };
  }, []);
  return theme;
}

function Span({ from, to, axis }: { readonly from: number; readonly to: number; readonly axis: Axis }) {
  const left = Math.max(0, xAt(from, axis));
  const right = Math.min(axis.widthPx, xAt(to, axis));
  return (
    <div
      className="pointer-events-none absolute inset-y-0 rounded-sm border-x-2 border-accent bg-accent/12"
      style={{ left, width: Math.max(2, right - left) }}
    />
  );
}

/** Lines over time, coloured by level. Dragging sets the time range, a click jumps there, a double click shows all. */
export function Histogram({ session, search, onChange }: HistogramProps) {
  const { t } = useTranslation("logs");
  const { logTimestamps: mode } = useSettings().settings;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const widthPx = useWidth(box);
  const histogram = useHistogram(session, Math.floor(widthPx / barPx));
  const theme = useTheme();
  const [brush, setBrush] = useState<Brush>();
  const [hoverX, setHoverX] = useState<number>();
  const colours = useRef<{ readonly theme: string; readonly list: readonly string[] }>(undefined);
  useEffect(() => {
    if (!canvas.current || !histogram) return;
    if (colours.current?.theme !== theme) colours.current = { theme, list: levelColours(canvas.current) };
    drawBars(canvas.current, histogram, colours.current.list);
  }, [histogram, theme]);
  const axis: Axis | undefined = histogram && {
    from: histogram.from,
    to: histogram.from + histogram.bucketMs * histogram.buckets.length,
    widthPx: Math.max(1, widthPx),
  };
  const total = histogram?.buckets.flat().reduce((sum, count) => sum + count, 0) ?? 0;
  const xOf = (event: PointerEvent): number => event.clientX - event.currentTarget.getBoundingClientRect().left;
  const onUp = (event: PointerEvent): void => {
    if (!brush || !axis) return;
    const range = rangeOf({ ...brush, endX: xOf(event) }, axis);
    setBrush(undefined);
    if (range) onChange(range);
    else void session.seek(timeAt(brush.startX, axis));
  };
  const label =
    axis && total > 0
      ? t("time.histogram", {
          formatted: formatNumber(total),
          from: fullTime(axis.from, mode),
          to: fullTime(axis.to, mode),
        })
      : t("time.histogramEmpty");
  const hovered =
    axis && hoverX !== undefined && histogram?.buckets[Math.floor((hoverX / axis.widthPx) * histogram.buckets.length)];
  const brushed = brush && axis && rangeOf(brush, axis);
  const chosen =
    brushed ??
    (axis && (search.from !== undefined || search.to !== undefined)
      ? { from: search.from ?? axis.from, to: search.to ?? axis.to }
      : undefined);
  return (
    <div className="relative shrink-0 border-b border-line bg-sunken px-3 pt-1.5">
      <div
        ref={box}
        role="img"
        aria-label={label}
        className="relative h-10 cursor-crosshair touch-none"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setBrush({ startX: xOf(event), endX: xOf(event) });
        }}
        onPointerMove={(event) => {
          setHoverX(xOf(event));
          if (brush) setBrush({ ...brush, endX: xOf(event) });
        }}
        onPointerUp={onUp}
        onPointerCancel={() => setBrush(undefined)}
        onPointerLeave={() => setHoverX(undefined)}
        onDoubleClick={() => onChange({ from: undefined, to: undefined })}
      >
        <canvas ref={canvas} className="absolute inset-0 size-full" />
        {chosen && axis && <Span {...chosen} axis={axis} />}
        {hovered && hoverX !== undefined && (
          <div className="pointer-events-none absolute inset-y-0 w-px bg-control" style={{ left: hoverX }} />
        )}
      </div>
      <div aria-hidden="true" className="flex h-4 justify-between gap-4 text-xs text-faint">
        {axis && total > 0 && (
          <>
            <span>{shortTime(axis.from, mode)}</span>
            {hovered && hoverX !== undefined && (
              <span className="text-muted">
                {t("time.bucket", {
                  time: shortTime(timeAt(hoverX, axis), mode),
                  formatted: formatNumber(hovered.reduce((sum, count) => sum + count, 0)),
                })}
              </span>
            )}
            <span>{shortTime(axis.to, mode)}</span>
          </>
        )}
      </div>
    </div>
  );
}

import { useParams } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDownToLine } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { ErrorState } from "../../components/ui/error-state.tsx";
import { Switch } from "../../components/ui/switch.tsx";
import { useContainer } from "../../hooks/use-container.ts";
import { classes } from "../../lib/classes.ts";
import { formatNumber } from "../../lib/format.ts";
import type { TailRow } from "./line-ring.ts";
import { tailLines, useTail } from "./use-tail.ts";

const lineHeight = 18;

function Row({ row }: { readonly row: TailRow }) {
  const { t } = useTranslation("logs");
  if (row.kind === "mark") {
    const words = row.mark === "restarted" ? t("restarted") : t(`ended.${row.mark}`);
    return (
      <div className="flex items-center gap-3 text-sm text-muted">
        <span className="h-px w-6 bg-line" />
        {words}
        <span className="h-px grow bg-line" />
      </div>
    );
  }
  return (
    <div className={classes("flex gap-2", row.source === 2 && "text-failed")}>
      <span aria-hidden="true" className="w-3 shrink-0 text-center text-faint select-none">
        {row.source === 2 ? "!" : ""}
      </span>
      <span className="min-w-0 break-all whitespace-pre-wrap">
        {row.source === 2 && <span className="sr-only">{t("stderr")}: </span>}
        {row.text}
      </span>
    </div>
  );
}

/** The last lines of a container and what it writes: follows until one scrolls up. */
export function LiveTail() {
  const { t } = useTranslation("logs");
  const { id = "" } = useParams({ strict: false });
  const { details } = useContainer(id);
  const { ring, live, error } = useTail(id);
  const [following, setFollowing] = useState(true);
  const [releasedAt, setReleasedAt] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: ring.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    getItemKey: (index) => ring.rows[index]?.key ?? index,
    overscan: 20,
  });
  useLayoutEffect(() => {
    if (following && ring.rows.length > 0) rows.scrollToIndex(ring.rows.length - 1, { align: "end" });
  }, [following, ring, rows]);
  const release = (): void => {
    if (following) setReleasedAt(ring.total);
    setFollowing(false);
  };
  const onScroll = (): void => {
    const element = scroller.current;
    if (!element || following) return;
    if (element.scrollHeight - element.scrollTop - element.clientHeight < 4) setFollowing(true);
  };
  const name = details?.name ?? id;
  if (error && ring.rows.length === 0) return <ErrorState title={t("failed")} message={error.message} />;
  return (
    <div className="relative flex h-full flex-col">
      <div className="flex items-center gap-4 border-b border-line px-4 py-1.5">
        <span className="text-muted">
          {t("lines", { count: ring.rows.length, formatted: formatNumber(ring.rows.length) })}
        </span>
        {ring.total > tailLines && (
          <span className="hidden text-muted md:inline">{t("bounded", { count: tailLines })}</span>
        )}
        <span className="ml-auto">
          <Switch label={t("follow")} checked={following} onChange={(on) => (on ? setFollowing(true) : release())} />
        </span>
      </div>
      {live && ring.rows.length === 0 && <EmptyState title={t("empty", { name })} />}
      <section
        ref={scroller}
        aria-label={t("label", { name })}
        tabIndex={0}
        onScroll={onScroll}
        onWheel={(event) => event.deltaY < 0 && release()}
        onKeyDown={(event) => ["ArrowUp", "PageUp", "Home"].includes(event.key) && release()}
        className="focus-inset min-h-0 grow overflow-auto bg-sunken py-2 pr-4 pl-1"
      >
        <div className="relative font-mono text-sm" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, key, start }) => {
            const row = ring.rows[index];
            return (
              <div
                key={key}
                ref={rows.measureElement}
                data-index={index}
                className="absolute top-0 w-full select-text"
                style={{ transform: `translateY(${start}px)`, lineHeight: `${lineHeight}px` }}
              >
                {row && <Row row={row} />}
              </div>
            );
          })}
        </div>
      </section>
      {!following && (
        <Button
          tone="primary"
          icon={ArrowDownToLine}
          className="absolute right-6 bottom-4"
          onClick={() => setFollowing(true)}
        >
          {t("jump", { count: ring.total - releasedAt })}
        </Button>
      )}
    </div>
  );
}

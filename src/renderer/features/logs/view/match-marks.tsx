import { useEffect, useRef, useState } from "react";
import { client } from "../../../lib/client.ts";
import type { LogSession } from "../model/log-session.ts";

/** Marks are two pixels high. */
const markPx = 2;
/** Between two readings while matches or rows come. */
const everyMs = 400;
const mostBuckets = 1000;

/** Where along the log the search found something, drawn beside the scrollbar. */
export function MatchMarks({ session }: { readonly session: LogSession }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const query = session.store((state) => state.search.query);
  const [counts, setCounts] = useState<readonly number[]>([]);
  useEffect(() => {
    setCounts([]);
    if (!query) return;
    let stopped = false;
    let read = "";
    const turn = async (): Promise<void> => {
      const { view } = session;
      const { rows, epoch } = session.window.view();
      const now = `${epoch}:${rows.first}:${rows.end}:${session.store.getState().search.matches}`;
      if (view === undefined || read === now) return;
      read = now;
      const height = canvas.current?.clientHeight ?? 0;
      const buckets = Math.max(1, Math.min(mostBuckets, Math.floor(height / markPx)));
      const map = await client.logs.matchMap({ view, buckets }).catch(() => undefined);
      if (map && !stopped) setCounts(map.counts);
    };
    const timer = setInterval(() => void turn(), everyMs);
    void turn();
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }, [query, session]);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    element.height = element.clientHeight;
    context.clearRect(0, 0, element.width, element.height);
    context.fillStyle = getComputedStyle(element).color;
    for (const [index, count] of counts.entries()) {
      if (count > 0) context.fillRect(0, Math.floor((index * element.height) / counts.length), element.width, markPx);
    }
  }, [counts]);
  // Left of the scrollbar, whose thumb would hide them.
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-y-0 right-[12px] z-10 w-1">
      <canvas ref={canvas} width={4} className="size-full text-(--hit-edge)" />
    </div>
  );
}

import { useEffect, useState } from "react";
import type { LogHistogram } from "#contract";
import { client } from "../../../lib/client.ts";
import type { LogSession } from "../model/log-session.ts";

const quickestMs = 500;
/** Counting a large log takes a while; it may take a tenth of the time. */
const share = 10;

/** Another one means other bars. */
function stampOf({ window, store }: LogSession): string {
  const { rows, epoch } = window.view();
  const lines = store.getState().status?.sources.map((source) => source.lines);
  return `${epoch}:${rows.first}:${rows.end}:${lines?.join()}`;
}

/** Lines over time, counted again while the log changes, seldom enough for the engine to have other things to do. */
export function useHistogram(session: LogSession, buckets: number): LogHistogram | undefined {
  const [histogram, setHistogram] = useState<LogHistogram>();
  useEffect(() => {
    if (buckets < 1) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    let read = "";
    const turn = async (): Promise<void> => {
      const startedAt = performance.now();
      const { view } = session;
      const now = stampOf(session);
      if (view !== undefined && read !== now && !document.hidden) {
        read = now;
        const next = await client.logs.histogram({ view, buckets }).catch(() => undefined);
        if (next && !stopped) setHistogram(next);
      }
      const tookMs = performance.now() - startedAt;
      if (!stopped) timer = setTimeout(() => void turn(), Math.max(quickestMs, tookMs * share));
    };
    void turn();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [session, buckets]);
  return histogram;
}

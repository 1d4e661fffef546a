import { type RefObject, useLayoutEffect, useState } from "react";
import type { LogWindow } from "../model/log-window.ts";

interface SizeOptions {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Ten characters of the log's font. */
  readonly probe: RefObject<HTMLSpanElement | null>;
  readonly wrap: boolean;
}

/** What stands before the text at least; heights are only guessed by this until they are measured. */
const gutterPx = 60;

/** Tells the window how large it is, and gives its height. */
export function useListSize(list: LogWindow, { scroller, probe, wrap }: SizeOptions): number {
  const [heightPx, setHeight] = useState(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = (): void => {
      const charPx = (probe.current?.getBoundingClientRect().width ?? 72) / 10;
      const columns = wrap
        ? Math.max(10, Math.floor((element.clientWidth - gutterPx) / charPx))
        : Number.POSITIVE_INFINITY;
      setHeight(element.clientHeight);
      list.resize(element.clientHeight, columns);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [list, scroller, probe, wrap]);
  return heightPx;
}

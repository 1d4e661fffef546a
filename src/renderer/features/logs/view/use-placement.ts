import { type RefObject, useCallback, useEffect, useLayoutEffect } from "react";
import type { LogWindow } from "../model/log-window.ts";

/** Elements of the list. */
export interface ListElements {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly spacer: RefObject<HTMLDivElement | null>;
  readonly rows: RefObject<HTMLDivElement | null>;
}

/** Longer than the scrollbar counts as dragged. */
const afterDragMs = 300;

/** Puts the drawn rows where the window wants them, before the browser paints. */
export function usePlacement(list: LogWindow, { scroller, spacer, rows }: ListElements): void {
  const place = useCallback(() => {
    const [outer, space, inner] = [scroller.current, spacer.current, rows.current];
    if (!outer || !space || !inner) return;
    const heights = Array.from(inner.children, (child) => child.getBoundingClientRect().height);
    const { translatePx, spacerPx, scrollTop } = list.place(heights);
    inner.style.transform = `translateY(${translatePx}px)`;
    const height = `${spacerPx}px`;
    if (space.style.height !== height) space.style.height = height;
    if (scrollTop !== undefined && Math.abs(outer.scrollTop - scrollTop) >= 1) outer.scrollTop = scrollTop;
  }, [list, scroller, spacer, rows]);
  useLayoutEffect(() => {
    place();
    // Now that heights are known, rows may be wanting at the foot, or above.
    if (list.isShort) list.redraw();
  });
  useEffect(() => {
    const [outer, inner] = [scroller.current, rows.current];
    if (!outer || !inner) return;
    // A tree that opens, a font that comes: what is drawn changes its height without being drawn anew.
    const observer = new ResizeObserver(() => {
      place();
      if (list.isShort) list.redraw();
    });
    observer.observe(inner);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onScroll = (): void => {
      list.scrollBar(outer.scrollTop);
      clearTimeout(timer);
      timer = setTimeout(place, afterDragMs);
    };
    outer.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      outer.removeEventListener("scroll", onScroll);
      clearTimeout(timer);
    };
  }, [list, place, scroller, rows]);
}

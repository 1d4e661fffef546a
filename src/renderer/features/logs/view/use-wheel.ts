import { type RefObject, useEffect } from "react";
import type { LogWindow } from "../model/log-window.ts";

const linePx = 18;

/**
 * Turns the wheel into pixels of rows. The browser's own scrolling cannot: over millions of rows a pixel of its
 * scrollbar stands for many.
 */
export function useWheel(list: LogWindow, scroller: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let deltaPx = 0;
    let frame = 0;
    const apply = (): void => {
      frame = 0;
      const delta = deltaPx;
      deltaPx = 0;
      list.scrollBy(delta);
    };
    const onWheel = (event: WheelEvent): void => {
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (event.ctrlKey || isSideways) return;
      event.preventDefault();
      const unit = [1, linePx, element.clientHeight][event.deltaMode] ?? 1;
      deltaPx += event.deltaY * unit;
      frame ||= requestAnimationFrame(apply);
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      element.removeEventListener("wheel", onWheel);
      cancelAnimationFrame(frame);
    };
  }, [list, scroller]);
}

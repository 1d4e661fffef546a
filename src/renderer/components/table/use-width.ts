import { type RefObject, useLayoutEffect, useState } from "react";

/** The width of an element in px, as it changes. */
export function useWidth(ref: RefObject<HTMLElement | null>): number {
  const [widthPx, setWidth] = useState(10_000);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return widthPx;
}

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Entry } from "./entries.ts";

interface RowFocusOptions<T> {
  readonly entries: readonly Entry<T>[];
  readonly scroller: RefObject<HTMLElement | null>;
  readonly scrollTo: (index: number) => void;
}

/** From a search into the rows below it. */
export function focusRows(): void {
  document.querySelector<HTMLElement>("main tr[tabindex='0']")?.focus();
}

export interface RowFocus {
  /** The one row that Tab reaches. */
  readonly activeKey: string | undefined;
  readonly activeIndex: number;
  readonly setActive: (key: string) => void;
  /** Brings a row into sight and puts the focus on it. */
  readonly focusIndex: (index: number) => void;
}

function rowElement(scroller: HTMLElement | null, key: string): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(key)}"]`) ?? null;
}

/** Roving focus over virtual rows: one row is active, and it keeps the focus while the list changes around it. */
export function useRowFocus<T>({ entries, scroller, scrollTo }: RowFocusOptions<T>): RowFocus {
  const [activeKey, setActive] = useState<string>();
  const wanted = useRef<string>(undefined);
  const hadFocus = useRef(false);
  const lastIndex = useRef(0);
  const found = activeKey === undefined ? -1 : entries.findIndex(({ key }) => key === activeKey);
  const activeIndex = found >= 0 ? found : Math.min(lastIndex.current, entries.length - 1);
  const current = entries[activeIndex]?.key;

  const focusIndex = useCallback(
    (index: number) => {
      const entry = entries[Math.max(0, Math.min(index, entries.length - 1))];
      if (!entry) return;
      scrollTo(entries.indexOf(entry));
      wanted.current = entry.key;
      setActive(entry.key);
      rowElement(scroller.current, entry.key)?.focus({ preventScroll: true });
    },
    [entries, scrollTo, scroller],
  );

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onFocusIn = (): void => {
      hadFocus.current = true;
    };
    const onFocusOut = (event: FocusEvent): void => {
      // A removed row takes the focus with it and names no successor; then the next row inherits it.
      if (event.relatedTarget instanceof Node && !element.contains(event.relatedTarget)) hadFocus.current = false;
    };
    const onDown = (event: PointerEvent): void => {
      if (event.target instanceof Node && !element.contains(event.target)) hadFocus.current = false;
    };
    element.addEventListener("focusin", onFocusIn);
    element.addEventListener("focusout", onFocusOut);
    document.addEventListener("pointerdown", onDown, true);
    return () => {
      element.removeEventListener("focusin", onFocusIn);
      element.removeEventListener("focusout", onFocusOut);
      document.removeEventListener("pointerdown", onDown, true);
    };
  }, [scroller]);

  // No dependencies: a wanted row may be mounted only by a later render, after the scroll.
  useLayoutEffect(() => {
    const isLost = hadFocus.current && activeKey !== undefined && found < 0 && document.activeElement === document.body;
    if (isLost && current !== undefined) wanted.current = current;
    lastIndex.current = activeIndex;
    if (wanted.current === undefined) return;
    const element = rowElement(scroller.current, wanted.current);
    if (!element) return;
    wanted.current = undefined;
    if (!element.contains(document.activeElement)) element.focus({ preventScroll: true });
  });

  return { activeKey: current, activeIndex, setActive, focusIndex };
}

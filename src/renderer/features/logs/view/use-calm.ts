import { useEffect, useRef, useState } from "react";
import type { LogState, LogStore } from "../model/log-state.ts";

/**
 * A part of the state that changes twenty times a second, told four times: numbers that can be read, and drawing that
 * costs little.
 */
export function useCalm<T>(store: LogStore, select: (state: LogState) => T, everyMs = 250): T {
  const [shown, setShown] = useState(() => select(store.getState()));
  const latest = useRef(select);
  latest.current = select;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = (): void => {
      timer = undefined;
      setShown(() => latest.current(store.getState()));
    };
    read();
    const unsubscribe = store.subscribe((state, before) => {
      if (latest.current(state) !== latest.current(before)) timer ??= setTimeout(read, everyMs);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [store, everyMs]);
  return shown;
}

import { useEffect, useRef, useState } from "react";

/** A value that changes twenty times a second, told four times: numbers that can be read, and drawing that costs little. */
export function useCalm<T>(value: T, everyMs = 250): T {
  const [shown, setShown] = useState(value);
  const latest = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    latest.current = value;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setShown(latest.current);
    }, everyMs);
  }, [value, everyMs]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return shown;
}

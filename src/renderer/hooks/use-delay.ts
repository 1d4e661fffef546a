import { useEffect, useState } from "react";

/** True once `active` has lasted for `delayMs`: what is quick shows no skeleton. */
export function useDelay(active: boolean, delayMs: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    setPassed(false);
    if (!active) return;
    const timer = setTimeout(() => setPassed(true), delayMs);
    return () => clearTimeout(timer);
  }, [active, delayMs]);
  return active && passed;
}

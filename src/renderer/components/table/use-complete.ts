import { useState } from "react";

interface Line {
  readonly key: string;
  readonly active: boolean;
  /** The list is being scrolled, or was not yet drawn at all. */
  readonly scrolling: boolean;
}

/**
 * Whether a line has its controls. One that only flies past is drawn without: they are most of its cost, and nobody can
 * hit them. Once there they stay, until the element is used for another line.
 */
export function useComplete({ key, active, scrolling }: Line): boolean {
  const [completeKey, setCompleteKey] = useState<string>();
  const complete = completeKey === key || !scrolling || active;
  if (complete && completeKey !== key) setCompleteKey(key);
  return complete;
}

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Entry } from "./entries.ts";
import { noSelection, pickRow, pruneSelection, type Selection } from "./selection.ts";

export interface RowSelection<T> {
  readonly keys: ReadonlySet<string>;
  readonly rows: readonly T[];
  readonly rowCount: number;
  readonly pick: (key: string, how: { range: boolean; toggle: boolean }) => void;
  readonly toggle: (key: string) => void;
  readonly selectAll: () => void;
  readonly clear: () => void;
}

/** The selection of a list; rows that go leave it. */
export function useSelection<T>(entries: readonly Entry<T>[]): RowSelection<T> {
  const [stored, setSelection] = useState<Selection>(noSelection);
  const byKey = useMemo(() => {
    const map = new Map<string, T>();
    for (const entry of entries) {
      if (entry.kind === "row" && !entry.ghost) map.set(entry.key, entry.row);
    }
    return map;
  }, [entries]);
  const selection = useMemo(() => pruneSelection(stored, (key) => byKey.has(key)), [stored, byKey]);
  const order = useRef<readonly string[]>([]);
  useEffect(() => {
    order.current = [...byKey.keys()];
  }, [byKey]);

  const pick = useCallback((key: string, how: { range: boolean; toggle: boolean }) => {
    setSelection((before) => pickRow(before, { key, order: order.current, ...how }));
  }, []);
  const toggle = useCallback((key: string) => pick(key, { range: false, toggle: true }), [pick]);
  const selectAll = useCallback(() => setSelection({ keys: new Set(order.current), anchor: order.current[0] }), []);
  const clear = useCallback(() => setSelection(noSelection), []);
  const rows = useMemo(() => {
    return [...selection.keys].flatMap((key) => {
      const row = byKey.get(key);
      return row === undefined ? [] : [row];
    });
  }, [selection, byKey]);
  return { keys: selection.keys, rows, rowCount: byKey.size, pick, toggle, selectAll, clear };
}

/** The chosen rows, and the row from which a Shift click extends. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  readonly anchor: string | undefined;
}

export const noSelection: Selection = { keys: new Set(), anchor: undefined };

interface Pick {
  readonly key: string;
  /** Keys of all rows, in the order of the screen. */
  readonly order: readonly string[];
  /** With Shift: everything between the anchor and this row. */
  readonly range: boolean;
  /** With Ctrl, or by its checkbox: this row alone changes. */
  readonly toggle: boolean;
}

/** The selection after a row was picked. */
export function pickRow(selection: Selection, { key, order, range, toggle }: Pick): Selection {
  const from = selection.anchor === undefined ? -1 : order.indexOf(selection.anchor);
  if (range && from >= 0) {
    const to = order.indexOf(key);
    const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
    return { keys: new Set(toggle ? [...selection.keys, ...between] : between), anchor: selection.anchor };
  }
  if (!toggle) return { keys: new Set([key]), anchor: key };
  const keys = new Set(selection.keys);
  if (!keys.delete(key)) keys.add(key);
  return { keys, anchor: key };
}

/** Leaves out what is no longer there; the same object where nothing changed. */
export function pruneSelection(selection: Selection, present: (key: string) => boolean): Selection {
  const kept = [...selection.keys].filter(present);
  return kept.length === selection.keys.size ? selection : { keys: new Set(kept), anchor: selection.anchor };
}

/** Rows of one group, in the order of the list. */
export interface RowGroup<T> {
  readonly name: string;
  readonly rows: readonly T[];
}

/** What stands on one line of the list: a row, or the header of a group. */
export type Entry<T> =
  | {
      readonly kind: "row";
      readonly key: string;
      readonly row: T;
      readonly grouped: boolean;
      /** Gone, but kept as an empty place so that nothing above the pointer moves. */
      readonly ghost?: boolean;
    }
  | { readonly kind: "group"; readonly key: string; readonly group: RowGroup<T>; readonly collapsed: boolean };

interface EntryOptions<T> {
  readonly idOf: (row: T) => string;
  readonly groupOf?: ((row: T) => string | undefined) | undefined;
  readonly collapsed: ReadonlySet<string>;
}

export const groupKey = (name: string): string => `group:${name}`;

/** Lines of the list from its sorted rows. A group stands where its first row would stand. */
export function buildEntries<T>(rows: readonly T[], { idOf, groupOf, collapsed }: EntryOptions<T>): Entry<T>[] {
  const asRow = (row: T, grouped: boolean): Entry<T> => ({ kind: "row", key: idOf(row), row, grouped });
  if (!groupOf) return rows.map((row) => asRow(row, false));
  const byGroup = Map.groupBy(rows, groupOf);
  const entries: Entry<T>[] = [];
  const placed = new Set<string>();
  for (const row of rows) {
    const name = groupOf(row);
    if (name === undefined) entries.push(asRow(row, false));
    else if (!placed.has(name)) {
      placed.add(name);
      const members = byGroup.get(name) ?? [];
      const isCollapsed = collapsed.has(name);
      entries.push({ kind: "group", key: groupKey(name), group: { name, rows: members }, collapsed: isCollapsed });
      if (!isCollapsed) entries.push(...members.map((member) => asRow(member, true)));
    }
  }
  return entries;
}

/**
 * The new lines, arranged so that the line under the pointer stays where it is: everything above it keeps its place
 * (what is gone leaves an empty place), everything below is as it should be. Once the pointer leaves, the list is
 * arranged anew.
 */
export function holdPosition<T>(before: readonly Entry<T>[], after: readonly Entry<T>[], pinned: string): Entry<T>[] {
  const pinnedAt = before.findIndex(({ key }) => key === pinned);
  if (pinnedAt < 0) return [...after];
  const live = new Map(after.map((entry) => [entry.key, entry]));
  const keep = live.has(pinned) ? pinnedAt + 1 : pinnedAt;
  const top = before.slice(0, keep).map((old): Entry<T> => {
    const entry = live.get(old.key);
    if (entry) return entry;
    return old.kind === "row" ? { ...old, ghost: true } : { ...old, group: { ...old.group, rows: [] } };
  });
  const placed = new Set(top.map(({ key }) => key));
  return [...top, ...after.filter(({ key }) => !placed.has(key))];
}

/** True where both show the same lines in the same order. */
export function sameOrder<T>(one: readonly Entry<T>[], other: readonly Entry<T>[]): boolean {
  return one.length === other.length && one.every((entry, index) => entry.key === other[index]?.key);
}

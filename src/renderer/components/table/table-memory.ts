import { create } from "zustand";

/** What a list remembers while the page is open: where it was scrolled to, and which groups are folded. */
interface TableMemory {
  readonly collapsed: Readonly<Record<string, ReadonlySet<string>>>;
}

export const useTableMemory = create<TableMemory>(() => ({ collapsed: {} }));

const offsets = new Map<string, number>();

export function rememberOffset(table: string, offset: number): void {
  offsets.set(table, offset);
}

export function rememberedOffset(table: string): number {
  return offsets.get(table) ?? 0;
}

export function toggleGroup(table: string, name: string): void {
  useTableMemory.setState(({ collapsed }) => {
    const next = new Set(collapsed[table]);
    if (!next.delete(name)) next.add(name);
    return { collapsed: { ...collapsed, [table]: next } };
  });
}

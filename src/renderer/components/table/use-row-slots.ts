import type { VirtualItem } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import type { Entry } from "./entries.ts";

/** One element of the body and the line that it shows. */
export interface RowSlot {
  readonly id: number;
  readonly key: string;
  readonly kind: "row" | "group";
}

type Line = Omit<RowSlot, "id">;

interface Listed {
  /** The line that may have the focus. */
  readonly active: string | undefined;
  /** False for a line that is gone for good: its element goes too, since the focus in it must not stay behind. */
  readonly has: (key: string) => boolean;
}

/** Making and dropping an element costs about four times as much as giving it another line. */
const fewNewShare = 1 / 4;

/**
 * Which element each line is drawn in, in the order of the lines. A line that comes into sight takes the element of one
 * that went out of it at the same place, so that only texts change and no element is moved. While one scrolls slowly,
 * the lines that stay keep their elements; when many are others, only the active one does.
 */
export function nextSlots(before: readonly RowSlot[], lines: readonly Line[], { active, has }: Listed): RowSlot[] {
  const places = new Map(before.map(({ key }, index) => [key, index]));
  const newCount = lines.filter(({ key }) => !places.has(key)).length;
  const isScarce = newCount <= lines.length * fewNewShare;
  const keeps = new Set(lines.flatMap(({ key }) => (isScarce || key === active ? key : [])));
  let freshId = 1 + before.reduce((highest, { id }) => Math.max(highest, id), -1);
  let at = 0;
  const takeFree = (kind: RowSlot["kind"]): number | undefined => {
    for (; at < before.length; at += 1) {
      const slot = before[at];
      if (!slot || keeps.has(slot.key)) return undefined;
      if (slot.kind !== kind || !has(slot.key)) continue;
      at += 1;
      return slot.id;
    }
    return undefined;
  };
  return lines.map(({ key, kind }) => {
    const place = keeps.has(key) ? places.get(key) : undefined;
    const own = place === undefined ? undefined : before[place];
    if (place !== undefined) at = Math.max(at, place + 1);
    return { key, kind, id: own?.id ?? takeFree(kind) ?? freshId++ };
  });
}

export interface PlacedLine<T> {
  readonly index: number;
  readonly entry: Entry<T>;
  /** React's key of its element. */
  readonly slot: string;
  /** How far below the others' beginning it stands; undefined where it just follows the one before it. */
  readonly topPx: number | undefined;
}

export interface PlacedLines<T> {
  readonly lines: readonly PlacedLine<T>[];
  /** Where the lines begin. */
  readonly topPx: number;
}

/** The one line that is kept away from all others, since it has the focus; they follow one another. */
function findApart(items: readonly VirtualItem[]): VirtualItem | undefined {
  const [first, second] = items;
  const [last, beforeLast] = [items.at(-1), items.at(-2)];
  if (first && second && second.index !== first.index + 1) return first;
  return last && beforeLast && last.index !== beforeLast.index + 1 ? last : undefined;
}

/** The lines in sight, each with its place and the element that it is drawn in. */
export function useRowSlots<T>(
  items: readonly VirtualItem[],
  entries: readonly Entry<T>[],
  active: string | undefined,
): PlacedLines<T> {
  const slots = useRef<readonly RowSlot[]>([]);
  const keys = useMemo(() => new Set(entries.map(({ key }) => key)), [entries]);
  const lines = items.flatMap((item) => {
    const entry = entries[item.index];
    return entry ? { item, entry } : [];
  });
  const next = nextSlots(
    slots.current,
    lines.map(({ entry }) => entry),
    { active, has: (key) => keys.has(key) },
  );
  slots.current = next;
  const apart = findApart(items);
  const topPx = items.find((item) => item !== apart)?.start ?? 0;
  return {
    topPx,
    lines: lines.map(({ item, entry }, index) => ({
      index: item.index,
      entry,
      slot: `${entry.kind}:${next[index]?.id}`,
      topPx: item === apart ? item.start - topPx : undefined,
    })),
  };
}

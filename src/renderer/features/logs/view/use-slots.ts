import { useRef } from "react";

const fewestSlots = 64;

interface Slots {
  readonly base: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** Slots for the rows `from` up to `to`, after those for other rows. */
export function nextSlots(before: Slots, from: number, to: number): Slots {
  let { base, count } = before;
  while (count < to - from) count *= 2;
  // Where nothing of the old rows is left, the new ones take their elements in the same order, and none is moved.
  if (from >= before.to || to <= before.from || count !== before.count) base = from;
  return { base, count, from, to };
}

/**
 * Which element a row is drawn in. Elements are used again for other rows: while one scrolls, those that stay in sight
 * keep theirs; when all are others, as in a flood, only the text in them changes.
 */
export function useSlots(from: number, to: number): (position: number) => number {
  const slots = useRef<Slots>({ base: 0, count: fewestSlots, from: 0, to: 0 });
  slots.current = nextSlots(slots.current, from, to);
  const { base, count } = slots.current;
  return (position) => (((position - base) % count) + count) % count;
}

/** A place in the text of a row. Positions are those of one epoch. */
export interface TextPlace {
  readonly position: number;
  /** UTF-16 units of the shown text before it. */
  readonly offset: number;
}

/** What is selected: also over rows that are no longer drawn. */
export interface TextRange {
  readonly epoch: number;
  readonly anchor: TextPlace;
  readonly focus: TextPlace;
}

function isBefore(one: TextPlace, other: TextPlace): boolean {
  return one.position < other.position || (one.position === other.position && one.offset < other.offset);
}

/** The two ends in reading order. */
export function ordered({ anchor, focus }: TextRange): { from: TextPlace; to: TextPlace } {
  return isBefore(focus, anchor) ? { from: focus, to: anchor } : { from: anchor, to: focus };
}

/** The part of a row's text that a range covers; undefined where it covers none of it. */
export function covered(range: TextRange, position: number, text: string): string | undefined {
  const { from, to } = ordered(range);
  if (position < from.position || position > to.position) return undefined;
  const start = position === from.position ? from.offset : 0;
  const end = position === to.position ? to.offset : text.length;
  return text.slice(start, end);
}

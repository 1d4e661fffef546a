/**
 * Where the window stands, in rows rather than pixels: a log of five million rows is taller than any browser can scroll,
 * and with wrapped lines nobody knows how tall it is.
 */
export interface Anchor {
  readonly position: number;
  /** Pixels from the top of the window down to the top of the row: 0 or less while the row is the first in sight. */
  readonly offset: number;
}

/** Rows stand at positions from `first` to before `end`. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/** The window over the rows. */
export interface Frame {
  readonly rows: RowRange;
  readonly heightPx: number;
  /** Measured, or the best guess. */
  readonly heightOf: (position: number) => number;
}

/** What lies above the first row and below the last, in pixels. */
export const padPx = 6;
/** Browsers stop at about 33 million pixels, some at half of that. */
export const mostSpacerPx = 16_000_000;
/** Farther than this nobody looks at each row on the way. */
const longMovePx = 20_000;

/** The anchor with which the last row ends at the foot of the window; at the top where the rows do not fill it. */
export function bottomAnchor({ rows, heightPx, heightOf }: Frame): Anchor {
  let room = heightPx - padPx;
  for (let position = rows.end - 1; position >= rows.first; position -= 1) {
    room -= heightOf(position);
    // Exactly full counts as full: the first row's own padding may be hidden.
    if (room <= 0 && !(position === rows.first && room > -padPx)) return { position, offset: room };
  }
  return topAnchor(rows);
}

function topAnchor({ first }: RowRange): Anchor {
  return { position: first, offset: padPx };
}

function isBelow(one: Anchor, other: Anchor): boolean {
  return one.position > other.position || (one.position === other.position && one.offset < other.offset);
}

/** True where nothing is below the window. */
export function isAtBottom(anchor: Anchor, frame: Frame): boolean {
  const bottom = bottomAnchor(frame);
  return isBelow(anchor, bottom) || (anchor.position === bottom.position && anchor.offset - bottom.offset < 2);
}

/** The same place, with the first row in sight as its anchor, and within the rows. */
export function settle(anchor: Anchor, frame: Frame): Anchor {
  const { rows, heightOf } = frame;
  if (rows.end <= rows.first) return topAnchor(rows);
  let position = Math.min(Math.max(anchor.position, rows.first), rows.end - 1);
  let offset = position === anchor.position ? anchor.offset : position === rows.first ? padPx : 0;
  while (offset > 0 && position > rows.first) {
    position -= 1;
    offset -= heightOf(position);
  }
  while (position < rows.end - 1 && offset <= -heightOf(position)) {
    offset += heightOf(position);
    position += 1;
  }
  if (position === rows.first && offset > padPx) offset = padPx;
  const settled = { position, offset };
  const bottom = bottomAnchor(frame);
  return isBelow(settled, bottom) ? bottom : settled;
}

/** The anchor after scrolling down by some pixels, or up where negative. */
export function moveBy(anchor: Anchor, deltaPx: number, frame: Frame): Anchor {
  if (Math.abs(deltaPx) <= longMovePx) return settle({ ...anchor, offset: anchor.offset - deltaPx }, frame);
  const rows = Math.round(deltaPx / frame.heightOf(anchor.position));
  return settle({ position: anchor.position + rows, offset: anchor.offset }, frame);
}

/** The anchor that shows a row: where it is in sight nothing moves, else it stands a third down the window. */
export function reveal(position: number, anchor: Anchor, frame: Frame): Anchor {
  const { heightPx, heightOf } = frame;
  const height = heightOf(position);
  const third = settle({ position, offset: Math.max(0, Math.round((heightPx - height) / 3)) }, frame);
  if (position < anchor.position) return third;
  let top = anchor.offset;
  for (let at = anchor.position; at < position; at += 1) {
    top += heightOf(at);
    if (top > heightPx) return third;
  }
  return top >= 0 && top + height <= heightPx ? anchor : third;
}

/** As `reveal`, but no farther than needed: for a line that moves by single rows. */
export function nudge(position: number, anchor: Anchor, frame: Frame): Anchor {
  const { heightPx, heightOf } = frame;
  if (position < anchor.position || (position === anchor.position && anchor.offset < 0)) {
    return settle({ position, offset: 0 }, frame);
  }
  let top = anchor.offset;
  for (let at = anchor.position; at < position && top <= heightPx * 2; at += 1) top += heightOf(at);
  const over = top + heightOf(position) - heightPx;
  return over <= 0 ? anchor : moveBy(anchor, over, frame);
}

/** The scrollbar's own measures. */
export interface Scale {
  readonly rows: RowRange;
  readonly heightPx: number;
  /** Mean height of a row. */
  readonly rowPx: number;
}

function totalPx({ rows, rowPx }: Scale): number {
  return (rows.end - rows.first) * rowPx + 2 * padPx;
}

/** Height of what the browser believes to scroll over. */
export function spacerPx(scale: Scale): number {
  return Math.max(scale.heightPx, Math.min(mostSpacerPx, Math.round(totalPx(scale))));
}

/** Where the scrollbar stands for an anchor. */
export function scrollTopOf(anchor: Anchor, scale: Scale): number {
  const room = spacerPx(scale) - scale.heightPx;
  const hidden = totalPx(scale) - scale.heightPx;
  if (hidden <= 0) return 0;
  const above = (anchor.position - scale.rows.first) * scale.rowPx + padPx - anchor.offset;
  return Math.min(room, Math.max(0, (above / hidden) * room));
}

/** The anchor that the scrollbar stands for; to be settled. */
export function anchorAt(scrollTop: number, scale: Scale): Anchor {
  const room = spacerPx(scale) - scale.heightPx;
  if (room <= 0) return topAnchor(scale.rows);
  const above = (scrollTop / room) * (totalPx(scale) - scale.heightPx) - padPx;
  if (above <= 0) return { position: scale.rows.first, offset: -above };
  const row = Math.floor(above / scale.rowPx);
  return { position: scale.rows.first + row, offset: row * scale.rowPx - above };
}

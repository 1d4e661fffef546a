/** A rectangle in device-independent pixels. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const minimumSize = { width: 480, height: 400 } as const;
const usualSize = { width: 1200, height: 800 } as const;

/** So much of the top edge must be on a screen that the window can be seen and dragged. */
const graspWidth = 120;
const graspHeight = 32;

function overlap(from: number, length: number, [start, size]: readonly [number, number]): number {
  return Math.min(from + length, start + size) - Math.max(from, start);
}

function isReachable(bounds: Bounds, area: Bounds): boolean {
  const wide = overlap(bounds.x, bounds.width, [area.x, area.width]) >= graspWidth;
  return wide && bounds.y >= area.y && bounds.y + graspHeight <= area.y + area.height;
}

function clamp(wanted: number, { least, most }: { least: number; most: number }): number {
  return Math.round(Math.max(Math.min(wanted, most), Math.min(least, most)));
}

function centred({ width, height }: { width: number; height: number }, area: Bounds): Bounds {
  return {
    x: Math.round(area.x + (area.width - width) / 2),
    y: Math.round(area.y + (area.height - height) / 2),
    width,
    height,
  };
}

/**
 * Where a window goes: where it was, if that place can still be reached on one of the screens, else in the middle of
 * the first; never larger than its screen. `areas` are the work areas, the primary screen's first.
 */
export function placeWindow(saved: Bounds | undefined, areas: readonly [Bounds, ...Bounds[]]): Bounds {
  const home = saved && areas.find((area) => isReachable(saved, area));
  const area = home ?? areas[0];
  const wanted = saved ?? usualSize;
  const size = {
    width: clamp(wanted.width, { least: minimumSize.width, most: area.width }),
    height: clamp(wanted.height, { least: minimumSize.height, most: area.height }),
  };
  const placed = saved && { x: saved.x, y: saved.y, ...size };
  // Asked again, for a window that was shrunk may have lost the part that could be reached.
  return placed && home && isReachable(placed, home) ? placed : centred(size, area);
}

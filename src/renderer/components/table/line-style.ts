import type { CSSProperties } from "react";

/** Takes a line out of the flow of the others where it stands apart from them. */
export function lineStyle(apartPx: number | undefined): CSSProperties | undefined {
  if (apartPx === undefined) return undefined;
  return { position: "absolute", insetInline: 0, top: 0, transform: `translateY(${apartPx}px)` };
}

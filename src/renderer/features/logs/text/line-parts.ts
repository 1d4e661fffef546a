import { parseAnsi } from "./ansi.ts";
import type { TextStyle } from "./sgr.ts";

/** What is drawn as one element. */
export interface LinePart {
  /** Shown text; of a dropped part, what was there. */
  readonly text: string;
  readonly kind: "text" | "dropped";
  /** Offset in the raw line. */
  readonly at: number;
  readonly style: TextStyle;
  /** Found by the search. */
  readonly hit: boolean;
  readonly url?: string;
}

// https alone, and this machine's own ports: what the allow-list lets through.
const link = /https:\/\/[^\s"'<>`\\^{|}]+|http:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?(?:\/[^\s"'<>`\\^{|}]*)?/g;
/** What stands behind a link in a sentence. */
const trailing = /[.,;:!?)\]]+$/;

interface Span {
  readonly start: number;
  readonly end: number;
}

function linksIn(text: string): (Span & { url: string })[] {
  if (!text.includes("://")) return [];
  return [...text.matchAll(link)].map(({ 0: found, index }) => {
    const url = found.replace(trailing, "");
    return { start: index, end: index + url.length, url };
  });
}

const covers = ({ start, end }: Span, at: number): boolean => at >= start && at < end;

/** A raw line as the parts that are drawn. `hits` are ranges of the raw line, in order. */
export function lineParts(raw: string, hits: readonly (readonly [number, number])[] = []): readonly LinePart[] {
  const spans = hits.map(([start, end]): Span => ({ start, end }));
  return parseAnsi(raw).flatMap((piece): LinePart[] => {
    if (piece.kind === "dropped") return [{ text: piece.what, kind: "dropped", at: piece.at, style: {}, hit: false }];
    const { text, at, style } = piece;
    const links = linksIn(text);
    const ownHits = spans.filter(({ start, end }) => start < at + text.length && end > at);
    if (links.length === 0 && ownHits.length === 0) return [{ text, kind: "text", at, style, hit: false }];
    const edges = [0, text.length, ...links.flatMap(({ start, end }) => [start, end])];
    for (const { start, end } of ownHits) edges.push(Math.max(0, start - at), Math.min(text.length, end - at));
    const cuts = [...new Set(edges)].sort((a, b) => a - b);
    return cuts.slice(0, -1).map((start, index): LinePart => {
      const url = links.find((span) => covers(span, start))?.url;
      const hit = ownHits.some((span) => covers(span, start + at));
      return {
        text: text.slice(start, cuts[index + 1]),
        kind: "text",
        at: at + start,
        style,
        hit,
        ...(url ? { url } : {}),
      };
    });
  });
}

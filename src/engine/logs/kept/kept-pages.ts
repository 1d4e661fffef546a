import type { LogMark } from "#contract/log-view.ts";
import { lineFlags } from "../store/block.ts";
import type { LineInfo, LineStore } from "../store/line-store.ts";
import { Meeting } from "../store/meeting.ts";
import { type Frame, readFrames } from "./frame.ts";
import type { KeptContainer, KeptGeneration } from "./generation.ts";
import type { KeptLogs } from "./kept-logs.ts";
import type { Segment } from "./segment.ts";

/** What a page is made of, the oldest first: a file's lines, or the divider before a container's first line. */
type Piece =
  | { readonly kind: "lines"; readonly generation: KeptGeneration; readonly segment: Segment }
  | { readonly kind: "divider"; readonly container: KeptContainer; readonly atMs: number };

/** Whose kept lines are wanted: all of a name's, or those before what the engine still has of one container. */
export interface KeptTarget {
  readonly name: string;
  /** The container that is read from the engine; absent for a kept log as such. */
  readonly containerId: string;
}

function dividerOf({ containerId, image }: KeptContainer): Buffer {
  const mark: LogMark = { kind: "generation", containerId, image };
  return Buffer.from(JSON.stringify(mark));
}

/** Reads what is kept backwards, some files at a time. */
export class KeptPages {
  readonly #pieces: Piece[];
  readonly #containerId: string;

  private constructor(pieces: Piece[], containerId: string) {
    this.#pieces = pieces;
    this.#containerId = containerId;
  }

  static async open(kept: KeptLogs, { name, containerId }: KeptTarget, oldestMs: number): Promise<KeptPages> {
    const pieces: Piece[] = [];
    const all = await kept.generationsOf(name);
    const own = all.find(({ container }) => container.containerId === containerId);
    const isEarlier = ({ container }: KeptGeneration): boolean =>
      containerId === "" || !own || container.createdAt < own.container.createdAt;
    const earlier = all.filter((generation) => generation !== own && isEarlier(generation));
    for (const generation of earlier) {
      const { container, segments } = generation;
      if (pieces.length > 0) pieces.push({ kind: "divider", container, atMs: segments[0]?.firstMs ?? 0 });
      for (const segment of segments) pieces.push({ kind: "lines", generation, segment });
    }
    if (containerId === "") return new KeptPages(pieces, containerId);
    // Its own lines come from the engine; only what the engine has rotated away is wanted.
    const rotated = own?.segments.filter(({ firstMs }) => firstMs <= oldestMs) ?? [];
    if (pieces.length > 0 && own) {
      const atMs = rotated[0]?.firstMs ?? oldestMs;
      pieces.push({ kind: "divider", container: own.container, atMs });
    }
    for (const segment of rotated) if (own) pieces.push({ kind: "lines", generation: own, segment });
    return new KeptPages(pieces, containerId);
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  /** At least so many lines, as far as there are any, into a store; they end where the newer ones begin. */
  async read(older: LineStore, newer: LineStore, wantedLines: number): Promise<void> {
    const page: Piece[] = [];
    let lines = 0;
    while (lines < wantedLines) {
      const piece = this.#pieces.pop();
      if (!piece) break;
      page.unshift(piece);
      if (piece.kind === "lines") lines += piece.segment.lines;
    }
    const meeting = new Meeting(older, newer);
    for (const piece of page) {
      if (piece.kind === "divider") {
        const bytes = dividerOf(piece.container);
        const info = { seconds: Math.floor(piece.atMs / 1000), nanos: 0, flags: lineFlags.divider };
        older.append(info, bytes, { start: 0, end: bytes.length });
        continue;
      }
      const { generation, segment } = piece;
      const isOwn = generation.container.containerId === this.#containerId;
      for (const frame of readFrames(await generation.read(segment))) {
        eachLine(frame, (info, range) => {
          if (isOwn) meeting.take(info, frame.text, range);
          else older.append(info, frame.text, range);
        });
      }
    }
    if (meeting.hasTaken) meeting.finish();
  }
}

/** Calls back with each line of a frame, in order. */
export function eachLine(frame: Frame, onLine: (info: LineInfo, range: { start: number; end: number }) => void): void {
  const { count, ends, seconds, nanos, flags } = frame;
  let start = 0;
  for (let at = 0; at < count; at += 1) {
    const end = ends[at] ?? start;
    const info = { seconds: seconds[at] ?? 0, nanos: nanos[at] ?? 0, flags: flags[at] ?? 0 };
    onLine(info, { start, end: end - 1 });
    start = end;
  }
}

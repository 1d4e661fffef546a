import { type Arenas, blockBytes, type Needle } from "../store/arena.ts";
import { lineFlags } from "../store/block.ts";
import { escaped, literalNeedle } from "../store/needle.ts";
import { type Frame, frameTimeMs, readFrames } from "./frame.ts";
import type { KeptLogs } from "./kept-logs.ts";

const mostSamples = 5;
const sampleBytes = 400;

export interface PastQuery {
  readonly text: string;
  readonly caseSensitive: boolean;
}

export interface PastMatches {
  readonly name: string;
  matches: number;
  readonly samples: { at: number; text: string }[];
}

/** Finds the lines of frames that contain a text. */
class FrameSearch {
  readonly #arenas: Arenas;
  readonly #needle: Needle | undefined;
  readonly #pattern: RegExp;

  constructor(query: PastQuery, arenas: Arenas) {
    this.#arenas = arenas;
    this.#needle = literalNeedle({ ...query, regex: false });
    // Letters beyond ASCII without case. The text is taken literally, so the expression cannot be a slow one.
    this.#pattern = new RegExp(escaped(query.text), "iu");
  }

  /** Calls back with the index of each matching line. */
  find(frame: Frame, onLine: (index: number) => void): void {
    const tell = (index: number): void => {
      if (!((frame.flags[index] ?? 0) & lineFlags.divider)) onLine(index);
    };
    if (this.#needle) this.#findBytes(frame, this.#needle, tell);
    else for (let at = 0; at < frame.count; at += 1) if (this.#pattern.test(lineOf(frame, at))) tell(at);
  }

  /** The search works on memory that it shares, so the text is brought there. */
  #findBytes({ text, ends }: Frame, needle: Needle, onLine: (index: number) => void): void {
    if (text.length > blockBytes) return;
    const slot = this.#arenas.take();
    const { arena, offset } = slot;
    text.copy(arena.bytes, offset);
    let line = 0;
    arena.find(needle, { start: offset, end: offset + text.length }, (address) => {
      while ((ends[line] ?? Number.POSITIVE_INFINITY) <= address - offset) line += 1;
      onLine(line);
    });
    this.#arenas.give(slot);
  }
}

function lineOf({ text, ends }: Frame, index: number): string {
  return text.toString("utf8", index === 0 ? 0 : ends[index - 1], (ends[index] ?? 1) - 1);
}

function sampleOf(frame: Frame, index: number): { at: number; text: string } {
  return { at: frameTimeMs(frame, index), text: lineOf(frame, index).slice(0, sampleBytes) };
}

/** Searches all that is kept, name by name; names without a match are left out. */
export async function* searchKept(
  kept: KeptLogs,
  query: PastQuery,
  { arenas, signal }: { arenas: Arenas; signal: AbortSignal },
): AsyncGenerator<PastMatches> {
  const search = new FrameSearch(query, arenas);
  for (const { name } of kept.names()) {
    const found: PastMatches = { name, matches: 0, samples: [] };
    for (const generation of await kept.generationsOf(name)) {
      // The files may become fewer while they are read.
      for (const segment of [...generation.segments]) {
        if (signal.aborted) return;
        for (const frame of readFrames(await generation.read(segment))) {
          search.find(frame, (index) => {
            found.matches += 1;
            if (found.samples.length < mostSamples) found.samples.push(sampleOf(frame, index));
          });
        }
      }
    }
    if (found.matches > 0) yield found;
  }
}

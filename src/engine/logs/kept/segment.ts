import { readdir, readFile, rename, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { measureFrames } from "./frame.ts";

/** A file of frames; the last one of a container may still grow. */
export interface Segment {
  /** Files of one container stand in this order; older lines that are read later get smaller numbers. */
  readonly seq: number;
  /** Name of the file. */
  name: string;
  size: number;
  lines: number;
  firstMs: number;
  lastMs: number;
}

/** Of a container's first file; room for older lines below it. */
export const firstSeq = 500_000_000;

/** A finished file's name carries what a list needs, so that nobody has to read it: `seq-lines-first-last.seg`. */
const finished = /^(\d{9})-(\d+)-(\d+)-(\d+)\.seg$/;
const growing = /^(\d{9})\.seg$/;

export function growingName(seq: number): string {
  return `${String(seq).padStart(9, "0")}.seg`;
}

/** Renames a file that will not grow any more. */
export async function finishSegment(folder: string, segment: Segment): Promise<void> {
  const { seq, lines, firstMs, lastMs } = segment;
  const name = `${String(seq).padStart(9, "0")}-${lines}-${firstMs}-${lastMs}.seg`;
  if (name === segment.name) return;
  await rename(join(folder, segment.name), join(folder, name));
  segment.name = name;
}

/** What a crash left is cut behind its last sound frame, and named as finished. */
async function recoverSegment(folder: string, name: string, seq: number): Promise<Segment | undefined> {
  const path = join(folder, name);
  const bytes = await readFile(path);
  const found = measureFrames(bytes);
  if (found.lines === 0) {
    await rm(path);
    return undefined;
  }
  if (found.size < bytes.length) await truncate(path, found.size);
  const segment = { seq, name, ...found };
  await finishSegment(folder, segment);
  return segment;
}

/** A container's files, the oldest lines first. */
export async function readSegments(folder: string, sizeOf: (path: string) => Promise<number>): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const name of await readdir(folder)) {
    const [, seq, lines, firstMs, lastMs] = finished.exec(name) ?? [];
    if (seq !== undefined) {
      const size = await sizeOf(join(folder, name));
      segments.push({
        seq: Number(seq),
        name,
        size,
        lines: Number(lines),
        firstMs: Number(firstMs),
        lastMs: Number(lastMs),
      });
      continue;
    }
    const open = growing.exec(name)?.[1];
    const recovered = open === undefined ? undefined : await recoverSegment(folder, name, Number(open));
    if (recovered) segments.push(recovered);
  }
  return segments.sort((a, b) => a.seq - b.seq);
}

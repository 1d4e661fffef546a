import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { Cursor, type LineStore } from "../store/line-store.ts";
import { frameOfBlock, frameTimeMs, readFrames } from "./frame.ts";
import { finishSegment, growingName, type Segment } from "./segment.ts";

interface OlderPlace {
  readonly folder: string;
  readonly segments: Segment[];
  readonly keeping: { readonly segmentBytes: number; readonly hasRoom: boolean };
}

/** Where the lines that are kept already begin among others; their end where none of them is. */
async function meetingLine({ folder, segments }: OlderPlace, store: LineStore, to: number): Promise<number> {
  const [first] = segments;
  if (!first) return store.first;
  const handle = await open(join(folder, first.name));
  // The first frame is enough, and it is at most one overlong line more than a full one.
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1024 * 1024), 0, 1024 * 1024, 0);
  await handle.close();
  const frame = readFrames(buffer.subarray(0, bytesRead)).next().value;
  if (!frame) return store.first;
  const [seconds = 0, nanos = 0] = [frame.seconds[0], frame.nanos[0]];
  const cursor = new Cursor(store);
  let later = to;
  for (let line = store.first; line < to; line += 1) {
    const block = cursor.seek(line);
    const order = (block.seconds[cursor.index] ?? 0) - seconds || (block.nanos[cursor.index] ?? 0) - nanos;
    if (order === 0) return line;
    if (order > 0 && later === to) later = line;
  }
  return later;
}

/** Where a file of about `wanted` bytes has to begin to end before a line. */
function beginOf(store: LineStore, to: number, wanted: number): number {
  let size = 0;
  for (let at = store.blockOf(to - 1); at >= 0; at -= 1) {
    size += store.blocks[at]?.size ?? 0;
    if (size >= wanted) return store.starts[at] ?? store.first;
  }
  return store.first;
}

/** The lines of a store as frames, and what the file of them is to say of itself. */
function framesOf(store: LineStore, from: number, to: number) {
  const frames: Buffer[] = [];
  let [size, lastMs] = [0, 0];
  for (let line = from; line < to; ) {
    const at = store.blockOf(line);
    const [block, start = 0] = [store.blocks[at], store.starts[at]];
    if (!block) break;
    const { frame, next } = frameOfBlock(block, { from: line - start, to: Math.min(block.count, to - start) });
    frames.push(frame);
    size += frame.length;
    line = start + next;
    lastMs = Math.max(lastMs, frameTimeMs(block, next - 1));
  }
  return { frames, facts: { size, lines: to - from, firstMs: Math.floor(store.timeOf(from)), lastMs } };
}

/**
 * Writes the lines of a store that come before all that is kept of a container, the newest file first: whenever it
 * stops, there is no hole. It stops where old lines would only push each other out.
 */
export async function writeOlderLines(
  place: OlderPlace,
  store: LineStore,
  range: { from: number; to: number },
): Promise<void> {
  const { folder, segments, keeping } = place;
  if (segments.length === 0 || range.to <= store.first) return;
  let to = await meetingLine(place, store, Math.min(range.to, store.end));
  while (to > Math.max(range.from, store.first) && keeping.hasRoom) {
    const from = Math.max(range.from, store.first, beginOf(store, to, keeping.segmentBytes));
    const { frames, facts } = framesOf(store, from, to);
    const seq = (segments[0]?.seq ?? 1) - 1;
    const segment = { seq, name: `${growingName(seq)}.new`, ...facts };
    const path = join(folder, segment.name);
    const handle = await open(path, "w", 0o600);
    try {
      for (const frame of frames) await handle.writeFile(frame);
      await handle.close();
      await finishSegment(folder, segment);
    } catch (error) {
      await handle.close().catch(() => {});
      await rm(path, { force: true });
      throw error;
    }
    segments.unshift(segment);
    to = from;
  }
}

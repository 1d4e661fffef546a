import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LogMark } from "#contract/log-view.ts";
import { SeenLines } from "../seen-lines.ts";
import { lineFlags } from "../store/block.ts";
import type { LineInfo, LineStore } from "../store/line-store.ts";
import type { SourceFeed } from "../store/source-feed.ts";
import { FrameBuilder, measureFrames, readFrames } from "./frame.ts";
import { writeOlderLines } from "./older-segments.ts";
import { finishSegment, firstSeq, growingName, type Segment } from "./segment.ts";

/** Lines that wait for the disk; more are not kept, and a gap says so. */
const mostWaitingBytes = 16 * 1024 * 1024;
/** Lines whose times are read back, to know them again when the engine sends them once more. */
const knownLines = 20_000;

/** Beside a container's lines: who it is. */
export const containerFile = "container.json";

/** One container, which may be one of several that had its name one after the other. */
export interface KeptContainer {
  readonly containerId: string;
  readonly name: string;
  readonly image: string;
  /** Milliseconds since 1970; what had the same name before it is older. */
  readonly createdAt: number;
}

/** What a container's files need of the whole store. */
export interface Keeping {
  readonly segmentBytes: number;
  /** False where nothing is to be kept. */
  readonly enabled: boolean;
  /** Whether another file fits without one having to go. */
  readonly hasRoom: boolean;
  /** False while the disk takes nothing. */
  readonly writable: boolean;
  /** So many bytes of one container wait for the disk. */
  wake(waitingBytes: number): void;
  /** Sizes or names have changed. */
  changed(): void;
}

/** What is kept of one container. Lines are taken from one open feed at a time, whoever else reads it too. */
export class KeptGeneration {
  container: KeptContainer;
  readonly folder: string;
  readonly segments: Segment[];
  /** Appended and not written yet. */
  waitingBytes = 0;
  readonly #keeping: Keeping;
  readonly #seen = new SeenLines();
  readonly #builder = new FrameBuilder();
  readonly #waiting: { frame: Buffer; size: number }[] = [];
  #gathered = 0;
  readonly #feeds = new Set<SourceFeed>();
  #writer: SourceFeed | undefined;
  #file: { handle: FileHandle; segment: Segment } | undefined;
  #lastMs = 0;
  #lostFrom: number | undefined;
  #known: Promise<void> | undefined;
  #described = "";
  #work: Promise<unknown> = Promise.resolve();

  constructor(folder: string, container: KeptContainer, options: { segments: Segment[]; keeping: Keeping }) {
    this.folder = folder;
    this.container = container;
    this.segments = options.segments;
    this.#keeping = options.keeping;
  }

  get sizeBytes(): number {
    return this.segments.reduce((sum, { size }) => sum + size, 0);
  }

  get lines(): number {
    return this.segments.reduce((sum, { lines }) => sum + lines, 0);
  }

  /** Whether an open feed may add to it. */
  get isOpen(): boolean {
    return this.#feeds.size > 0;
  }

  /** Reads the last lines' times; has to be awaited before the first feed is attached. */
  prepare(): Promise<void> {
    this.#known ??= this.#readTimes();
    return this.#known;
  }

  async #readTimes(): Promise<void> {
    let times: [number, number][] = [];
    for (let at = this.segments.length - 1; at >= 0 && times.length < knownLines; at -= 1) {
      const segment = this.segments[at];
      if (segment) times = [...(await this.#timesOf(segment)), ...times];
    }
    for (const [seconds, nanos] of times) this.#seen.remember(seconds, nanos);
    this.#lastMs = this.segments.at(-1)?.lastMs ?? 0;
  }

  attach(feed: SourceFeed): void {
    this.#feeds.add(feed);
    if (!this.#writer) this.#promote(feed);
  }

  detach(feed: SourceFeed): void {
    this.#feeds.delete(feed);
    if (this.#writer !== feed) return;
    feed.onLine = () => {};
    this.#writer = undefined;
    const [next] = this.#feeds;
    if (next) this.#promote(next);
  }

  /** Lines that a feed read later and that are older than all that is kept. */
  async keepOlder(feed: SourceFeed, store: LineStore, to: number): Promise<void> {
    if (this.#writer !== feed) return;
    await this.flush();
    await this.#enqueue(async () => {
      const place = { folder: this.folder, segments: this.segments, keeping: this.#keeping };
      await writeOlderLines(place, store, { from: store.first, to });
    });
  }

  /** Writes what waits. Throws what the disk says; what was not written still waits. */
  flush(): Promise<void> {
    return this.#enqueue(() => this.#write());
  }

  /** Writes what waits and closes the file; another one follows if more comes. */
  async finish(): Promise<void> {
    await this.flush().catch(() => {});
    await this.#enqueue(() => this.#closeFile());
  }

  /** Deletes the file with the oldest lines. */
  async dropOldest(): Promise<void> {
    await this.#enqueue(async () => {
      const [segment] = this.segments;
      if (!segment) return;
      if (this.#file?.segment === segment) await this.#closeFile();
      this.segments.shift();
      await rm(join(this.folder, segment.name), { force: true });
    });
  }

  /** Deletes all that is kept; what open feeds read from now on is kept anew. */
  async forget(): Promise<void> {
    await this.#enqueue(async () => {
      this.#seal();
      this.#waiting.length = 0;
      this.waitingBytes = 0;
      await this.#closeFile();
      this.segments.length = 0;
      this.#described = "";
      await rm(this.folder, { recursive: true, force: true });
    });
  }

  /** A file's bytes as far as they are written; empty where it was deleted meanwhile. */
  async read(segment: Segment): Promise<Buffer> {
    // In turn with the writing, which may be about to rename the file.
    return await this.#enqueue(async () => {
      const bytes = await readFile(join(this.folder, segment.name));
      return bytes.subarray(0, segment.size);
    }).catch(() => Buffer.alloc(0));
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#work.then(work);
    this.#work = next.catch(() => {});
    return next;
  }

  #promote(feed: SourceFeed): void {
    this.#writer = feed;
    this.#seen.restart();
    const { store } = feed;
    // Numbers below 0 are lines that were read later: of before what was followed, perhaps of other containers.
    for (let line = Math.max(0, store.first); line < store.end; line += 1) {
      const place = store.find(line);
      if (!place) continue;
      const { block, index } = place;
      const bytes = block.line(index);
      const info = {
        seconds: block.seconds[index] ?? 0,
        nanos: block.nanos[index] ?? 0,
        flags: block.flags[index] ?? 0,
      };
      this.#take(info, bytes, { start: 0, end: bytes.length });
    }
    feed.onLine = (info, bytes, range) => this.#take(info, bytes, range);
  }

  #take(info: LineInfo, bytes: Buffer, range: { start: number; end: number }): void {
    if (!this.#keeping.enabled) return;
    const isDivider = (info.flags & lineFlags.divider) !== 0;
    if (!isDivider && !this.#seen.accept(info.seconds, info.nanos)) return;
    if (this.waitingBytes > mostWaitingBytes) {
      this.#lostFrom ??= this.#lastMs;
      return;
    }
    const timeMs = info.seconds * 1000 + info.nanos / 1e6;
    if (!isDivider && (this.#seen.takeMissed() || this.#lostFrom !== undefined)) this.#markGap(info, timeMs);
    this.#append(info, bytes, range);
    if (!isDivider) this.#lastMs = timeMs;
  }

  #markGap({ seconds, nanos }: LineInfo, to: number): void {
    const mark: LogMark = { kind: "gap", why: "unread", from: Math.min(this.#lostFrom ?? this.#lastMs, to), to };
    this.#lostFrom = undefined;
    const bytes = Buffer.from(JSON.stringify(mark));
    this.#append({ seconds, nanos, flags: lineFlags.divider }, bytes, { start: 0, end: bytes.length });
  }

  #append(info: LineInfo, bytes: Buffer, range: { start: number; end: number }): void {
    this.#builder.append(info, bytes, range);
    const size = range.end - range.start;
    this.waitingBytes += size;
    this.#gathered += size;
    if (this.#builder.isFull) this.#seal();
    this.#keeping.wake(this.waitingBytes);
  }

  #seal(): void {
    if (this.#builder.count > 0) this.#waiting.push({ frame: this.#builder.take(), size: this.#gathered });
    this.#gathered = 0;
  }

  async #write(): Promise<void> {
    this.#seal();
    while (this.#waiting.length > 0 && this.#keeping.writable) {
      const { handle, segment } = await this.#growing();
      const frames = this.#nextFrames(this.#keeping.segmentBytes - segment.size);
      const bytes = Buffer.concat(frames.map(({ frame }) => frame));
      try {
        await handle.appendFile(bytes);
      } catch (error) {
        // A part of a frame may be there: the file stays whole without it.
        await handle.truncate(segment.size).catch(() => {});
        throw error;
      }
      this.#waiting.splice(0, frames.length);
      for (const { size } of frames) this.waitingBytes -= size;
      const { lines, firstMs, lastMs } = measureFrames(bytes);
      if (segment.lines === 0) segment.firstMs = firstMs;
      segment.lastMs = Math.max(segment.lastMs, lastMs);
      segment.lines += lines;
      segment.size += bytes.length;
      this.#keeping.changed();
      if (segment.size >= this.#keeping.segmentBytes) await this.#closeFile();
    }
  }

  /** Writes who this is beside the lines. */
  async #describe(): Promise<void> {
    const text = JSON.stringify(this.container);
    if (text === this.#described) return;
    const path = join(this.folder, containerFile);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
    this.#described = text;
  }

  /** Waiting frames of about so many bytes, and at least one. */
  #nextFrames(wantedBytes: number): { frame: Buffer; size: number }[] {
    let count = 0;
    for (let bytes = 0; count < this.#waiting.length && bytes < wantedBytes; count += 1) {
      bytes += this.#waiting[count]?.frame.length ?? 0;
    }
    return this.#waiting.slice(0, Math.max(1, count));
  }

  async #growing(): Promise<{ handle: FileHandle; segment: Segment }> {
    if (this.#file) return this.#file;
    await this.#describe();
    const last = this.segments.at(-1);
    const isSmall = last !== undefined && last.size < this.#keeping.segmentBytes / 2;
    const seq = isSmall ? last.seq : (last?.seq ?? firstSeq - 1) + 1;
    const name = growingName(seq);
    const segment = isSmall ? last : { seq, name, size: 0, lines: 0, firstMs: 0, lastMs: 0 };
    if (isSmall) await rename(join(this.folder, segment.name), join(this.folder, name));
    segment.name = name;
    const handle = await open(join(this.folder, name), "a", 0o600);
    if (!isSmall) this.segments.push(segment);
    this.#file = { handle, segment };
    return this.#file;
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    if (!file) return;
    this.#file = undefined;
    await file.handle.close();
    if (file.segment.lines > 0) {
      await finishSegment(this.folder, file.segment).catch(() => {});
      return;
    }
    this.segments.splice(this.segments.indexOf(file.segment), 1);
    await rm(join(this.folder, file.segment.name), { force: true });
  }

  async #timesOf(segment: Segment): Promise<[number, number][]> {
    const times: [number, number][] = [];
    for (const { count, seconds, nanos, flags } of readFrames(await this.read(segment))) {
      for (let at = 0; at < count; at += 1) {
        if (!((flags[at] ?? 0) & lineFlags.divider)) times.push([seconds[at] ?? 0, nanos[at] ?? 0]);
      }
    }
    return times;
  }
}

import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { LogStatus } from "#contract/log-view.ts";
import type { PastLog } from "#contract/logs.ts";
import { Bell } from "../../bell.ts";
import type { SourceFeed } from "../store/source-feed.ts";
import { containerFile, type Keeping, type KeptContainer, KeptGeneration } from "./generation.ts";
import { readSegments } from "./segment.ts";

/** A line is on disk at most this long after it was read. */
const writeAfterMs = 250;
/** This much at once is written without waiting. */
const writeFromBytes = 1024 * 1024;
/** After a failure the disk is tried again this often. */
const retryMs = 10_000;
const largestSegment = 4 * 1024 * 1024;
const smallestSegment = 64 * 1024;
/** A folder and its description take this on disk, and count: no flood of short lives goes beyond the cap. */
const overheadBytes = 8192;
const toldEveryMs = 500;
/** Of a container's id in the name of its folder. */
const folderLength = 32;

const containerSchema = z.object({
  containerId: z.string(),
  name: z.string(),
  image: z.string(),
  createdAt: z.number(),
});

/** What is kept of one name, as far as the disk tells. */
export type KeptName = Omit<PastLog, "present">;

/** Without its description, which only a damaged disk takes away, the lines are still there under this name. */
async function readContainer(folder: string): Promise<KeptContainer> {
  try {
    return containerSchema.parse(JSON.parse(await readFile(join(folder, containerFile), "utf8")));
  } catch {
    const containerId = basename(folder);
    return { containerId, name: `unknown-${containerId.slice(0, 12)}`, image: "", createdAt: 0 };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}

/** Log lines on disk, one folder a container, with a cap over all of them. */
export class KeptLogs implements Keeping {
  status: LogStatus["kept"] = { state: "disk" };
  readonly #folder: string;
  readonly #generations = new Map<string, KeptGeneration>();
  readonly #attached = new Map<SourceFeed, KeptGeneration>();
  readonly #watchers = new Set<Bell>();
  readonly #loaded: Promise<void>;
  #capBytes: number;
  #retryAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #isQueued = false;
  #writing: Promise<void> = Promise.resolve();
  /** Told when `status` changes. */
  onStatus: () => void = () => {};

  constructor(folder: string, capBytes: number) {
    this.#folder = folder;
    this.#capBytes = capBytes;
    this.#loaded = this.#load().catch((error: unknown) => this.#fail(error));
  }

  get segmentBytes(): number {
    return Math.max(smallestSegment, Math.min(largestSegment, this.#capBytes / 16));
  }

  get enabled(): boolean {
    return this.#capBytes > 0;
  }

  get hasRoom(): boolean {
    return this.#usedBytes() + this.segmentBytes <= this.#capBytes;
  }

  get writable(): boolean {
    return this.enabled && performance.now() >= this.#retryAt;
  }

  /** Keeps what a feed reads from now on, unless another open one of the same container is the source already. */
  async attach(feed: SourceFeed, container: KeptContainer): Promise<void> {
    await this.#loaded;
    if (this.#attached.has(feed)) return;
    const generation = this.#generationOf(container);
    await generation.prepare().catch((error: unknown) => this.#fail(error));
    this.#attached.set(feed, generation);
    generation.attach(feed);
  }

  detach(feed: SourceFeed): void {
    const generation = this.#attached.get(feed);
    this.#attached.delete(feed);
    if (!generation) return;
    generation.detach(feed);
    if (!generation.isOpen) void generation.finish().then(() => this.#dropEmpty(generation));
  }

  /** Keeps lines that a feed has just put before its others. */
  keepOlder(feed: SourceFeed, added: number): void {
    const { store } = feed;
    const kept = this.#attached.get(feed)?.keepOlder(feed, store, store.first + added);
    kept?.then(() => this.changed()).catch((error: unknown) => this.#fail(error));
  }

  /** All that is kept under a name, the oldest container first. */
  async generationsOf(name: string): Promise<KeptGeneration[]> {
    await this.#loaded;
    const found = [...this.#generations.values()].filter(({ container }) => container.name === name);
    for (const generation of found) if (generation.waitingBytes > 0) await generation.flush().catch(() => {});
    return found.filter(({ lines }) => lines > 0).sort((a, b) => a.container.createdAt - b.container.createdAt);
  }

  /** Time of the last line that is kept of a container. */
  async lastAt(containerId: string): Promise<number | null> {
    await this.#loaded;
    return this.#generations.get(containerId.slice(0, folderLength))?.segments.at(-1)?.lastMs ?? null;
  }

  /** All that is kept by name, now and after changes. */
  async *watch(signal: AbortSignal): AsyncGenerator<KeptName[]> {
    await this.#loaded;
    const bell = new Bell();
    this.#watchers.add(bell);
    try {
      bell.ring();
      while (await bell.wait(signal)) {
        if (signal.aborted) return;
        yield this.names();
        await sleep(toldEveryMs, undefined, { signal }).catch(() => {});
      }
    } finally {
      this.#watchers.delete(bell);
    }
  }

  names(): KeptName[] {
    const names = new Map<string, KeptName>();
    const all = [...this.#generations.values()].filter(({ lines }) => lines > 0);
    for (const generation of all.sort((a, b) => a.container.createdAt - b.container.createdAt)) {
      const { container, segments, lines, sizeBytes } = generation;
      const entry = names.get(container.name) ?? { name: container.name, generations: [], sizeBytes: 0 };
      const { containerId, image } = container;
      const firstAt = segments.find((segment) => segment.lines > 0)?.firstMs ?? 0;
      const lastAt = segments.at(-1)?.lastMs || (segments.at(-2)?.lastMs ?? 0);
      entry.generations.push({ containerId, image, firstAt, lastAt, lines });
      entry.sizeBytes += sizeBytes;
      names.set(container.name, entry);
    }
    return [...names.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  async forget(names: readonly string[]): Promise<void> {
    await this.#loaded;
    const wanted = new Set(names);
    for (const generation of [...this.#generations.values()]) {
      if (!wanted.has(generation.container.name)) continue;
      await generation.forget();
      this.#dropEmpty(generation);
    }
    this.changed();
  }

  async limit(capBytes: number): Promise<void> {
    await this.#loaded;
    this.#capBytes = capBytes;
    await this.#keepCap();
    this.#tell(capBytes === 0 ? { state: "memory" } : { state: "disk" });
  }

  /** Writes what waits, and finishes all files. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#loaded;
    for (const generation of this.#generations.values()) await generation.finish();
  }

  wake(waitingBytes: number): void {
    if (this.#isQueued) return;
    if (waitingBytes > writeFromBytes && this.writable) void this.#flush();
    else this.#timer ??= setTimeout(() => void this.#flush(), this.#delayMs());
  }

  /** A timer may be a little early, and an early one finds the disk not writable yet. */
  #delayMs(): number {
    return Math.max(writeAfterMs, Math.ceil(this.#retryAt - performance.now()) + 10);
  }

  changed(): void {
    for (const bell of this.#watchers) bell.ring();
  }

  async #load(): Promise<void> {
    if (!this.enabled) this.status = { state: "memory" };
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const entry of await readdir(this.#folder, { withFileTypes: true })) {
      if (entry.isDirectory()) await this.#loadGeneration(entry.name);
    }
    await this.#keepCap();
  }

  async #loadGeneration(id: string): Promise<void> {
    const folder = join(this.#folder, id);
    const segments = await readSegments(folder, async (path) => (await stat(path)).size);
    if (segments.length === 0) {
      await rm(folder, { recursive: true, force: true });
      return;
    }
    const container = await readContainer(folder);
    this.#generations.set(id, new KeptGeneration(folder, container, { segments, keeping: this }));
  }

  #generationOf(container: KeptContainer): KeptGeneration {
    const id = container.containerId.slice(0, folderLength);
    let generation = this.#generations.get(id);
    if (!generation) {
      generation = new KeptGeneration(join(this.#folder, id), container, { segments: [], keeping: this });
      this.#generations.set(id, generation);
    }
    // It may have been renamed since.
    generation.container = container;
    return generation;
  }

  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isQueued = true;
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    this.#isQueued = false;
    try {
      for (const generation of this.#generations.values()) {
        if (generation.waitingBytes > 0 && this.writable) await generation.flush();
      }
      if (this.writable && this.status.notice !== undefined) this.#tell({ state: "disk" });
      await this.#keepCap();
      if (this.status.notice !== undefined) this.wake(0);
    } catch (error) {
      this.#fail(error);
    }
  }

  #usedBytes(): number {
    let used = 0;
    for (const { sizeBytes, lines } of this.#generations.values()) if (lines > 0) used += sizeBytes + overheadBytes;
    return used;
  }

  /** Deletes the files with the oldest lines until all that is left is within the cap. */
  async #keepCap(): Promise<void> {
    while (this.#usedBytes() > this.#capBytes) {
      const kept = [...this.#generations.values()].filter(({ segments }) => segments.length > 0);
      const age = ({ segments }: KeptGeneration): number => segments[0]?.lastMs ?? 0;
      const oldest = kept.sort((a, b) => age(a) - age(b))[0];
      if (!oldest) return;
      await oldest.dropOldest();
      if (oldest.segments.length === 0) {
        await oldest.forget();
        this.#dropEmpty(oldest);
      }
      this.changed();
    }
  }

  #dropEmpty(generation: KeptGeneration): void {
    if (generation.isOpen || generation.lines > 0) return;
    this.#generations.delete(generation.container.containerId.slice(0, folderLength));
  }

  #fail(error: unknown): void {
    this.#retryAt = performance.now() + retryMs;
    const code = codeOf(error);
    const what =
      code === "ENOSPC" || code === "EDQUOT"
        ? `The disk with ${this.#folder} is full. Free some space.`
        : `${this.#folder} cannot be written (${code}). Make it writable.`;
    this.#tell({
      state: "memory",
      notice: `Logs are not kept on disk for now, only in memory. ${what} Longshore tries again by itself.`,
    });
    this.wake(0);
  }

  #tell(status: LogStatus["kept"]): void {
    if (status.state === this.status.state && status.notice === this.status.notice) return;
    this.status = status;
    this.onStatus();
  }
}

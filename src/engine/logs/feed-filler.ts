import { isCancelled, toAppError } from "#contract/errors.ts";
import { type ReaderItem, readContainer } from "./container-reader.ts";
import type { LogEngine } from "./engine-port.ts";
import type { LogWorkerClient } from "./log-worker-client.ts";
import { SendWindow } from "./send-window.ts";
import { late, within } from "./within.ts";

/** Which source of which view is filled. */
export interface FeedTarget {
  readonly view: string;
  readonly source: number;
}

/** The last lines, which are on the screen first. */
export const firstTail = 10_000;
/** Nothing for this long after some lines, or after a while of none, means that what there was has been read. */
const quietMs = 50;
const silentMs = 1000;
/** A container that never pauses is live after this long. */
const restlessMs = 2000;

interface FillOptions {
  readonly tail: number;
  readonly follow: boolean;
  /** Waits until so many bytes may be read. */
  readonly pace?: (bytes: number) => Promise<void>;
}

/** Fills one source of a view from its container, for as long as the view is open. */
export class FeedFiller {
  readonly #engine: LogEngine;
  readonly #worker: LogWorkerClient;
  readonly #target: FeedTarget & { readonly older: false };
  readonly #window = new SendWindow();

  /** Resolves when the first lines are there, or none will come. */
  readonly settled: Promise<void>;
  #settle = (): void => {};
  #pace: FillOptions["pace"];

  constructor(engine: LogEngine, worker: LogWorkerClient, target: FeedTarget) {
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#engine = engine;
    this.#worker = worker;
    this.#target = { ...target, older: false };
  }

  /** Never throws: what goes wrong becomes the source's state. */
  async run(id: string, { tail, follow, pace }: FillOptions, signal: AbortSignal): Promise<void> {
    this.#pace = pace;
    try {
      if (!(await this.#awaitEngine(signal))) return;
      const items = readContainer(this.#engine, { id, tail, follow }, signal);
      await this.#pump(items);
      if (!follow && !signal.aborted) await this.#setState({ state: "past" });
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return;
      const { message: text } = toAppError(error);
      await this.#setState({ state: "failed", error: text }).catch(() => {});
    } finally {
      this.#settle();
    }
  }

  async #awaitEngine(signal: AbortSignal): Promise<boolean> {
    try {
      this.#engine.session();
      return true;
    } catch {
      await this.#setState({ state: "lost" });
      return (await this.#engine.whenConnected(signal)) !== undefined;
    }
  }

  async #pump(items: AsyncGenerator<ReaderItem>): Promise<void> {
    let live = false;
    let quietAfterMs = Number.POSITIVE_INFINITY;
    let liveAt = Number.POSITIVE_INFINITY;
    try {
      for (let next = items.next(); ; next = items.next()) {
        const waitMs = performance.now() > liveAt ? 0 : quietAfterMs;
        if (!live && Number.isFinite(waitMs) && (performance.now() > liveAt || (await within(next, waitMs)) === late)) {
          live = true;
          await this.#setState({ state: "live" });
          this.#settle();
        }
        const result = await next;
        if (result.done) return;
        if (result.value.kind === "open") {
          live = false;
          quietAfterMs = silentMs;
          liveAt = performance.now() + restlessMs;
        } else if (result.value.kind === "chunk") quietAfterMs = quietMs;
        else if (result.value.kind === "end") {
          // What is quiet now is no container that lives.
          quietAfterMs = Number.POSITIVE_INFINITY;
          liveAt = Number.POSITIVE_INFINITY;
          this.#settle();
        }
        await this.#take(result.value);
      }
    } finally {
      await items.return(undefined).catch(() => {});
    }
  }

  async #take(item: ReaderItem): Promise<void> {
    const { feed } = this.#worker;
    const target = this.#target;
    switch (item.kind) {
      case "open": {
        const { name, id: containerId, image, createdAt, tty } = item.facts;
        await feed.open({ ...target, tty, name, containerId, image, createdAt, skewMs: item.skewMs });
        return;
      }
      case "chunk":
        await this.#pace?.(item.bytes.length);
        // Bytes of their own: a part of a larger buffer would be cloned with all of it.
        await this.#window.send(feed.chunk({ ...target, bytes: new Uint8Array(item.bytes) }));
        return;
      case "mark":
        await feed.mark({ ...target, mark: item.mark, seconds: item.seconds });
        return;
      case "end": {
        await feed.end(target);
        if (item.reason === "removed") await feed.mark({ ...target, mark: { kind: "removed" }, seconds: 0 });
        await this.#setState({
          state: ({ stopped: "waiting", removed: "past", engine: "lost" } as const)[item.reason],
        });
        return;
      }
    }
  }

  async #setState(state: { state: "live" | "waiting" | "past" | "lost" | "failed"; error?: string }): Promise<void> {
    await this.#worker.feed.state({ ...this.#target, ...state });
  }
}

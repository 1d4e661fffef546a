import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { helperLabel } from "../../docker/helper-label.ts";
import { ByteBudget } from "../byte-budget.ts";
import { readFacts } from "../container-facts.ts";
import { resumeTail } from "../container-reader.ts";
import type { LogEngine, LogSession } from "../engine-port.ts";
import { FeedFiller } from "../feed-filler.ts";
import type { LogWorker } from "../log-worker-client.ts";
import { reachBack } from "./reach-back.ts";

/**
 * All containers together may cost this many bytes a second; a writer of more is followed with ever more delay, and
 * after a while from its end again, with a gap that says so. dockerd needs about a fifth of a core for it.
 */
const bytesPerSecond = 4 * 1024 * 1024;
const burstBytes = 32 * 1024 * 1024;
const longestDelayMs = 20_000;
/** Each follower holds a connection to the engine. */
const mostContainers = 300;

const running = z.array(z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()).nullish() }));

/** Follows all running containers for what is kept of them, while it is switched on. */
export class BackgroundKeeper {
  readonly #engine: LogEngine;
  readonly #worker: LogWorker;
  readonly #budget = new ByteBudget({ bytesPerSecond, burstBytes });
  readonly #followed = new Map<string, AbortController>();
  #nextSource = 0;
  #stop: AbortController | undefined;

  constructor(engine: LogEngine, worker: LogWorker) {
    this.#engine = engine;
    this.#worker = worker;
  }

  switch(on: boolean): void {
    if (on === (this.#stop !== undefined)) return;
    this.#stop?.abort();
    this.#stop = on ? new AbortController() : undefined;
    if (this.#stop) void this.#run(this.#stop.signal);
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const session = await this.#engine.whenConnected(signal);
      if (!session) return;
      const both = AbortSignal.any([signal, session.signal]);
      const unsubscribe = session.events.subscribe({
        types: ["container"],
        onEvent: ({ action, id, attributes }) => {
          if (action === "start" && attributes[helperLabel] === undefined) this.#follow(id, signal);
        },
        onGap: () => void this.#followAll(session, signal),
      });
      await this.#followAll(session, signal);
      if (!both.aborted) await new Promise((resolve) => both.addEventListener("abort", resolve, { once: true }));
      unsubscribe();
    }
  }

  async #followAll(session: LogSession, signal: AbortSignal): Promise<void> {
    const request = { about: { verb: "list", kind: "container" }, path: "/containers/json", signal } as const;
    const containers = await session.http.json(request, running).catch(() => []);
    for (const { Id, Labels } of containers) if (Labels?.[helperLabel] === undefined) this.#follow(Id, signal);
  }

  #follow(id: string, signal: AbortSignal): void {
    if (signal.aborted || this.#followed.has(id) || this.#followed.size >= mostContainers) return;
    const controller = new AbortController();
    this.#followed.set(id, controller);
    void this.#keep(id, AbortSignal.any([signal, controller.signal]))
      .catch(() => {})
      .finally(() => this.#followed.delete(id));
  }

  /** Follows one container until it is removed; what is too much is left out. */
  async #keep(id: string, signal: AbortSignal): Promise<void> {
    let skipped = true;
    let tail = await this.#tailOf(id, signal);
    while (skipped && !signal.aborted) {
      skipped = await this.#fill(id, tail, signal);
      tail = resumeTail;
    }
  }

  /** True where reading has fallen behind too far and has to begin at the end again. */
  async #fill(id: string, tail: number, signal: AbortSignal): Promise<boolean> {
    const source = this.#nextSource++;
    const { client } = this.#worker;
    const behind = new AbortController();
    let lateSince: number | undefined;
    const pace = async (bytes: number): Promise<void> => {
      const waitMs = this.#budget.take(bytes);
      if (waitMs === 0) lateSince = undefined;
      else lateSince ??= performance.now();
      if (lateSince !== undefined && performance.now() - lateSince > longestDelayMs) behind.abort();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => {});
    };
    try {
      await client.kept.follow({ source, id });
      const filler = new FeedFiller(this.#engine, client, { view: "", source });
      await filler.run(id, { tail, follow: true, pace }, AbortSignal.any([signal, behind.signal]));
    } finally {
      await client.kept.unfollow({ source }).catch(() => {});
    }
    return behind.signal.aborted;
  }

  /** Lines from the end that reach back to what is kept already. */
  async #tailOf(id: string, signal: AbortSignal): Promise<number> {
    const session = this.#engine.session();
    const facts = await readFacts(session, id, signal);
    const { timeMs } = await this.#worker.client.kept.lastAt({ containerId: facts.id });
    return timeMs === null ? resumeTail : await reachBack(session.http, { id, timeMs, from: resumeTail }, signal);
  }
}

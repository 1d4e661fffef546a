import { Worker } from "node:worker_threads";
import type { RegexPattern, RegexReply, RegexRequest, RegexTask, RegexThreadData } from "../worker/log-regex.ts";
import { workerFile } from "../worker-file.ts";

/** What one slice may take; a little under half a second, so that the user knows within half a second. */
const budgetMs = 450;
const lookEveryMs = 20;
/** A thread that has not even begun by then never will. */
const beginWithinMs = 5000;

/** An expression took longer than its budget on one slice and was stopped. */
export class SlowRegexError extends Error {
  override readonly name = "SlowRegexError";
}

interface Waiting {
  readonly pattern: RegexPattern;
  readonly task: RegexTask;
  readonly resolve: (reply: RegexReply) => void;
  readonly reject: (error: Error) => void;
}

/** Runs expressions in a thread that is ended when one takes too long; the next run starts another. */
export class RegexRunner {
  #worker: Worker | undefined;
  #starting: Promise<Worker> | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #watch: NodeJS.Timeout | undefined;
  #nextId = 1;
  #progress = new Int32Array(new SharedArrayBuffer(4));
  /** The task that the thread was last seen at, and since when. */
  #seen = 0;
  #seenAt = 0;

  /** In the order of the calls, one at a time; the next one may be asked for meanwhile. Errors: SlowRegexError. */
  async run(pattern: RegexPattern, task: RegexTask): Promise<RegexReply> {
    this.#starting ??= this.#start();
    const worker = this.#worker ?? (await this.#starting);
    return new Promise<RegexReply>((resolve, reject) => {
      const request: RegexRequest = { id: this.#nextId++, pattern, task };
      if (this.#waiting.size === 0) this.#seenAt = performance.now();
      this.#waiting.set(request.id, { pattern, task, resolve, reject });
      this.#watch ??= setInterval(() => this.#look(), lookEveryMs);
      worker.postMessage(request);
    });
  }

  close(): void {
    this.#stop(new Error("closed"));
  }

  /** Ends the thread where it has been at one task for too long. */
  #look(): void {
    const now = performance.now();
    const id = Atomics.load(this.#progress, 0);
    // The clock runs from the task's beginning: on a busy machine it may wait long for its turn.
    if (id !== this.#seen) this.#seenAt = now;
    this.#seen = id;
    if (now - this.#seenAt <= (this.#waiting.has(id) ? budgetMs : beginWithinMs)) return;
    const [oldest] = this.#waiting;
    // Our own thread may have been busy, and the answer may have long been there: one more turn to read it.
    setTimeout(() => {
      if (!oldest || !this.#waiting.has(oldest[0])) return;
      // Those of another expression wait behind it through no fault of theirs.
      const spared = [...this.#waiting.values()].filter(({ pattern }) => pattern !== oldest[1].pattern);
      this.#stop(new SlowRegexError(`more than ${budgetMs} ms on one slice`), spared);
    }, 10);
  }

  #answer(reply: RegexReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#rest();
    waiting?.resolve(reply);
  }

  #rest(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  /** Started before the clock runs: its start is not the expression's time. */
  async #start(): Promise<Worker> {
    this.#progress = new Int32Array(new SharedArrayBuffer(4));
    const workerData: RegexThreadData = { progress: this.#progress };
    const worker = new Worker(workerFile("log-regex"), { workerData });
    worker.unref();
    worker.on("message", (reply: RegexReply) => this.#answer(reply));
    worker.on("error", (error) => {
      if (worker === this.#worker) this.#stop(error instanceof Error ? error : new Error(String(error)));
    });
    this.#worker = worker;
    await new Promise<void>((resolve) => worker.once("online", () => resolve()));
    return worker;
  }

  /** Ends the thread, and all that wait for it but the spared ones, which get another. */
  #stop(error: Error, spared: readonly Waiting[] = []): void {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#starting = undefined;
    void worker?.terminate();
    this.#rest();
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of all) if (!spared.includes(waiting)) waiting.reject(error);
    for (const { pattern, task, resolve, reject } of spared) void this.run(pattern, task).then(resolve, reject);
  }
}

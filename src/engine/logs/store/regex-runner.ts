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
  readonly resolve: (reply: RegexReply) => void;
  readonly reject: (error: Error) => void;
}

/** Runs expressions in a thread that is ended when one takes too long; the next run starts another. */
export class RegexRunner {
  #worker: Worker | undefined;
  #waiting: Waiting | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #nextId = 1;
  #progress = new Int32Array(new SharedArrayBuffer(4));

  /** One at a time. Errors: SlowRegexError. */
  run(pattern: RegexPattern, task: RegexTask): Promise<RegexReply> {
    const turn = this.#last.then(() => this.#runNow(pattern, task));
    this.#last = turn.catch(() => {});
    return turn;
  }

  close(): void {
    this.#stop(new Error("closed"));
  }

  async #runNow(pattern: RegexPattern, task: RegexTask): Promise<RegexReply> {
    const worker = this.#worker ?? (await this.#start());
    return new Promise<RegexReply>((resolve, reject) => {
      const id = this.#nextId++;
      const postedAt = performance.now();
      let beganAt: number | undefined;
      const timer = setInterval(() => {
        const now = performance.now();
        // The clock runs from the task's beginning: on a busy machine it may wait long for its turn.
        if (Atomics.load(this.#progress, 0) === id) beganAt ??= now;
        const isLate = beganAt === undefined ? now - postedAt > beginWithinMs : now - beganAt > budgetMs;
        if (!isLate) return;
        clearInterval(timer);
        // Our own thread may have been busy, and the answer may have long been there: one more turn to read it.
        setTimeout(() => {
          if (this.#waiting === waiting) this.#stop(new SlowRegexError(`more than ${budgetMs} ms on one slice`));
        }, 10);
      }, lookEveryMs);
      const settle = (): void => {
        clearInterval(timer);
        this.#waiting = undefined;
      };
      const waiting: Waiting = {
        resolve: (reply) => {
          settle();
          resolve(reply);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.#waiting = waiting;
      const request: RegexRequest = { id, pattern, task };
      worker.postMessage(request);
    });
  }

  /** Started before the clock runs: its start is not the expression's time. */
  async #start(): Promise<Worker> {
    this.#progress = new Int32Array(new SharedArrayBuffer(4));
    const workerData: RegexThreadData = { progress: this.#progress };
    const worker = new Worker(workerFile("log-regex"), { workerData });
    worker.unref();
    worker.on("message", (reply: RegexReply) => this.#waiting?.resolve(reply));
    worker.on("error", (error) => {
      if (worker === this.#worker) this.#stop(error instanceof Error ? error : new Error(String(error)));
    });
    this.#worker = worker;
    await new Promise<void>((resolve) => worker.once("online", () => resolve()));
    return worker;
  }

  #stop(error: Error): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    this.#waiting?.reject(error);
  }
}

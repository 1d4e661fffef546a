import { Worker } from "node:worker_threads";
import { createClient } from "#contract/rpc/client.ts";
import type { Client } from "#contract/rpc/procedure.ts";
import { within } from "./within.ts";
import { threadPort } from "./worker/node-port.ts";
import { logWorkerContract } from "./worker/worker-contract.ts";
import { workerFile } from "./worker-file.ts";

/** A disk that takes longer must not hold up the end. */
const longestWriteMs = 3000;

export type LogWorkerClient = Client<typeof logWorkerContract>;

/** The thread that holds all log lines, started at the first use. */
export class LogWorker {
  #running: { worker: Worker; client: LogWorkerClient } | undefined;
  #budgetBytes: number | undefined;
  readonly #keptFolder: string;
  #capBytes = 0;

  /** `keptFolder`: where lines are kept; it is made when there are any. */
  constructor(keptFolder: string) {
    this.#keptFolder = keptFolder;
  }

  get client(): LogWorkerClient {
    this.#running ??= this.#start();
    return this.#running.client;
  }

  limitMemory(bytes: number): void {
    this.#budgetBytes = bytes;
    void this.#running?.client.memory.limit({ bytes }).catch(() => {});
  }

  /** Disk for kept lines; 0 keeps none, and deletes what was kept. */
  limitDisk(capBytes: number): void {
    this.#capBytes = capBytes;
    void this.#running?.client.kept.limit({ capBytes }).catch(() => {});
  }

  /** Writes what is to be kept, and ends. */
  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await within(running?.client.kept.close({}).catch(() => {}) ?? Promise.resolve(), longestWriteMs);
    await running?.worker.terminate();
  }

  #start(): { worker: Worker; client: LogWorkerClient } {
    const worker = new Worker(workerFile("log-worker"));
    const running = {
      worker,
      client: createClient(
        logWorkerContract,
        threadPort(worker, { closeEvent: "exit", close: () => void worker.terminate() }),
      ),
    };
    // Open views fail with `unavailable` when the thread ends; the next one starts another.
    worker.on("error", () => {});
    worker.on("exit", () => {
      if (this.#running === running) this.#running = undefined;
    });
    const kept = { folder: this.#keptFolder, capBytes: this.#capBytes };
    void running.client.kept.open(kept).catch(() => {});
    if (this.#budgetBytes !== undefined) void running.client.memory.limit({ bytes: this.#budgetBytes }).catch(() => {});
    return running;
  }
}

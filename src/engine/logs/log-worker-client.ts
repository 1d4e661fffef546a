import { Worker } from "node:worker_threads";
import { createClient } from "#contract/rpc/client.ts";
import type { Client } from "#contract/rpc/procedure.ts";
import { threadPort } from "./worker/node-port.ts";
import { logWorkerContract } from "./worker/worker-contract.ts";
import { workerFile } from "./worker-file.ts";

export type LogWorkerClient = Client<typeof logWorkerContract>;

/** The thread that holds all log lines, started at the first use. */
export class LogWorker {
  #running: { worker: Worker; client: LogWorkerClient } | undefined;
  #budgetBytes: number | undefined;

  get client(): LogWorkerClient {
    this.#running ??= this.#start();
    return this.#running.client;
  }

  limitMemory(bytes: number): void {
    this.#budgetBytes = bytes;
    void this.#running?.client.memory.limit({ bytes }).catch(() => {});
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
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
    if (this.#budgetBytes !== undefined) void running.client.memory.limit({ bytes: this.#budgetBytes }).catch(() => {});
    return running;
  }
}

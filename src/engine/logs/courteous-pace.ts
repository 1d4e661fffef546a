import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { ByteBudget } from "./byte-budget.ts";

/** As much as twenty-five thousand lines a second; dockerd needs about a fifth of a core for it. */
const leastBytesPerSecond = 4 * 1024 * 1024;
/** More than any engine gives. */
const mostBytesPerSecond = 32 * 1024 * 1024;
const burstBytes = 8 * 1024 * 1024;
const lookEveryMs = 250;
/** With less of the processors idle than this we give way; with more we take again. */
const busyShare = 0.08;
const freeShare = 0.2;

/** Processor time since the start of the machine, in milliseconds of one core. */
export interface ProcessorTimes {
  readonly idle: number;
  readonly total: number;
}

function processorTimes(): ProcessorTimes {
  let [idle, total] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}

/**
 * How fast all views together follow what containers write. A log that is read at full speed costs dockerd a whole
 * core: where none is free, that core is taken from the container itself. So we read at full speed while the machine
 * has time for it, and else no faster than anyone can follow, with a lag that the view states.
 */
export class CourteousPace {
  readonly #budget = new ByteBudget({ bytesPerSecond: mostBytesPerSecond, burstBytes });
  readonly #read: () => ProcessorTimes;
  #before: ProcessorTimes;
  #lookedAt = performance.now();

  constructor(read: () => ProcessorTimes = processorTimes) {
    this.#read = read;
    this.#before = read();
  }

  get bytesPerSecond(): number {
    return this.#budget.bytesPerSecond;
  }

  /** Waits until so many bytes may be read. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    if (performance.now() - this.#lookedAt >= lookEveryMs) this.look();
    const waitMs = this.#budget.take(bytes);
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => {});
  }

  /** Settles the pace by what the processors did since the last look. */
  look(): void {
    const now = this.#read();
    const total = now.total - this.#before.total;
    // Shorter than the clock's own steps.
    if (total <= 0) return;
    const idleShare = (now.idle - this.#before.idle) / total;
    this.#before = now;
    this.#lookedAt = performance.now();
    const { bytesPerSecond } = this.#budget;
    if (idleShare < busyShare) this.#budget.bytesPerSecond = Math.max(leastBytesPerSecond, bytesPerSecond / 2);
    else if (idleShare > freeShare) this.#budget.bytesPerSecond = Math.min(mostBytesPerSecond, bytesPerSecond * 1.5);
  }
}

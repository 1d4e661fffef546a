/** The middle value; of an even number of values the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error("no values");
  return middle;
}

/** Runs a measurement several times after one that does not count; the median of what it gives. */
export async function medianOf(runs: number, measure: () => Promise<number>): Promise<number> {
  await measure();
  const values: number[] = [];
  for (let run = 0; run < runs; run += 1) values.push(await measure());
  return median(values);
}

/** Milliseconds that something takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Two digits are all that a noisy machine can promise. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}

export interface BenchResult {
  readonly value: number;
  readonly unit: string;
  readonly holds: boolean;
  readonly note?: string;
}

/** One measurement; `npm run bench` runs it by its id. */
export interface Bench {
  readonly id: string;
  readonly goal: string;
  run(): Promise<BenchResult>;
}

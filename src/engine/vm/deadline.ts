import { AppError } from "#contract/errors.ts";

/** The promise, or `timeout` with the given words after so many milliseconds. */
export async function withDeadline<T>(promise: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError("timeout", `${what} within ${timeoutMs / 1000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Sleeps; throws `cancelled` when the signal fires. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled());
    const timer = setTimeout(finish, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(cancelled());
    };
    signal?.addEventListener("abort", stop, { once: true });
    function finish() {
      signal?.removeEventListener("abort", stop);
      resolve();
    }
  });
}

export function cancelled(): AppError {
  return new AppError("cancelled", "Cancelled.");
}

interface PollOptions {
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** What did not happen, for the message of the time-out. */
  readonly what: string;
}

/** Asks until the answer is not undefined. Each wait of the machine goes through here or `withDeadline`. */
export async function poll<T>(ask: () => Promise<T | undefined>, options: PollOptions): Promise<T> {
  const endAt = performance.now() + options.timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= endAt) {
      throw new AppError("timeout", `${options.what} within ${options.timeoutMs / 1000} s`);
    }
    await sleep(options.everyMs, options.signal);
  }
}

/** Milliseconds since 1970 that never jump: durations stay right when the wall clock is set. */
export function steadyNow(): number {
  return performance.timeOrigin + performance.now();
}

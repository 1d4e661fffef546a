const firstMs = 500;
const longestMs = 10_000;

/** Wait before try number `attempt` (from 0): doubles up to 10 s, with jitter so that many pages do not knock at once. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** attempt);
  return ceiling * (0.75 + random() * 0.25);
}

/** Waits, or returns at once when the signal aborts. Never throws. */
export function pause(durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    signal?.addEventListener("abort", done, { once: true });
  });
}

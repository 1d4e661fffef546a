/** How long a stream stays open after its last reader left, so that going back to a screen shows it at once. */
const lingerMs = 30_000;

/** Runs `start` while at least one reader is there, and a little longer. `subscribe` returns the way to leave. */
export function sharedStream(start: (signal: AbortSignal) => void): () => () => void {
  let readers = 0;
  let running: AbortController | undefined;
  let lingering: ReturnType<typeof setTimeout> | undefined;
  return function subscribe() {
    readers += 1;
    clearTimeout(lingering);
    if (!running) {
      running = new AbortController();
      start(running.signal);
    }
    let left = false;
    return () => {
      if (left) return;
      left = true;
      readers -= 1;
      if (readers > 0) return;
      lingering = setTimeout(() => {
        running?.abort();
        running = undefined;
      }, lingerMs);
    };
  };
}

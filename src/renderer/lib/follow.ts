import { type AppError, isCancelled, toAppError } from "#contract";
import { backoffMs, pause } from "./backoff.ts";
import { useLink } from "./link.ts";

interface FollowOptions<T> {
  readonly signal: AbortSignal;
  readonly onItem: (item: T) => void;
  readonly onError?: (error: AppError) => void;
}

/** Ends a wait early when the link to Longshore's process comes back. */
function untilRetry(attempt: number, signal: AbortSignal): Promise<void> {
  const wake = new AbortController();
  const unsubscribe = useLink.subscribe(({ client }, before) => {
    if (client && client !== before.client) wake.abort();
  });
  return pause(backoffMs(attempt), AbortSignal.any([signal, wake.signal])).finally(unsubscribe);
}

/** Keeps a stream open until the signal aborts: opens it again, with back-off, whenever it ends or fails. */
export async function follow<T>(
  open: (options: { signal: AbortSignal }) => AsyncIterable<T>,
  { signal, onItem, onError }: FollowOptions<T>,
): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      for await (const item of open({ signal })) {
        attempt = 0;
        onItem(item);
      }
    } catch (error) {
      if (isCancelled(error)) return;
      onError?.(toAppError(error));
    }
    await untilRetry(attempt, signal);
  }
}

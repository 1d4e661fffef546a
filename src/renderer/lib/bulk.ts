import { type AppError, toAppError } from "#contract";

export interface BulkResult<T> {
  readonly item: T;
  readonly error: AppError | undefined;
}

/** At most this many at once: the engine serves them in parallel, but a list of 500 must not drown it. */
const parallel = 6;

/** Does one thing to each item and keeps going when some fail; the results come in the order of the items. */
export async function forEachItem<T>(
  items: readonly T[],
  run: (item: T) => Promise<unknown>,
): Promise<readonly BulkResult<T>[]> {
  const results: BulkResult<T>[] = [];
  const queue = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, item] = next;
      try {
        await run(item);
        results[index] = { item, error: undefined };
      } catch (error) {
        results[index] = { item, error: toAppError(error) };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
  return results;
}

/** Reads a stream of the engine until it ends, fails, or the signal aborts. */
export async function follow<T>(
  items: AsyncIterable<T>,
  onItem: (item: T) => void,
  onFailure: (error: unknown) => void,
): Promise<void> {
  try {
    for await (const item of items) onItem(item);
  } catch (error) {
    onFailure(error);
  }
}

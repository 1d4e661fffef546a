import { follow } from "./follow.ts";
import { queryClient } from "./query-client.ts";
import { sharedStream } from "./shared-stream.ts";

export interface LiveValueSource<T> {
  readonly key: readonly string[];
  readonly subscribe: () => () => void;
  /** Only for the types: the query cache does not know them. */
  readonly value?: T;
}

/** One value (engine state, settings) that a stream feeds into the query cache. */
export function liveValue<T>(
  name: string,
  watch: (options: { signal: AbortSignal }) => AsyncIterable<T>,
): LiveValueSource<T> {
  const key = ["live", name] as const;
  const subscribe = sharedStream((signal) => {
    void follow(watch, { signal, onItem: (item) => queryClient.setQueryData(key, item) });
  });
  return { key, subscribe };
}

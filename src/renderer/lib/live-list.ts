import type { AppError } from "#contract";
import { follow } from "./follow.ts";
import { queryClient } from "./query-client.ts";
import { sharedStream } from "./shared-stream.ts";

/** What a `*.watch` stream of a list sends. */
export type ListUpdate<T> =
  | { readonly kind: "snapshot"; readonly items: readonly T[]; readonly skipped: number }
  | { readonly kind: "change"; readonly upserts: readonly T[]; readonly removed: readonly string[] };

/** A list as the screens see it; `items` is undefined until the first snapshot. */
export interface LiveList<T> {
  readonly items: readonly T[] | undefined;
  /** Objects whose description could not be read. */
  readonly skipped: number;
  /** Why the stream failed last; gone with the next item. */
  readonly error: AppError | undefined;
}

export interface LiveSource<T> {
  readonly key: readonly string[];
  /** Keeps the list live until the returned function is called. */
  readonly subscribe: () => () => void;
  /** Only for the types: the query cache does not know them. */
  readonly item?: T;
}

export const emptyList: LiveList<never> = { items: undefined, skipped: 0, error: undefined };

/** The list after an update. Untouched items keep their identity, so that their rows do not render again. */
export function applyUpdate<T>(list: LiveList<T>, update: ListUpdate<T>, idOf: (item: T) => string): LiveList<T> {
  if (update.kind === "snapshot") return { items: update.items, skipped: update.skipped, error: undefined };
  const removed = new Set(update.removed);
  const upserts = new Map(update.upserts.map((item) => [idOf(item), item]));
  const kept: T[] = [];
  for (const item of list.items ?? []) {
    const id = idOf(item);
    const upsert = upserts.get(id);
    upserts.delete(id);
    if (upsert) kept.push(upsert);
    else if (!removed.has(id)) kept.push(item);
  }
  return { items: [...kept, ...upserts.values()], skipped: list.skipped, error: undefined };
}

interface LiveListOptions<T> {
  readonly name: string;
  readonly watch: (options: { signal: AbortSignal }) => AsyncIterable<ListUpdate<T>>;
  readonly idOf: (item: T) => string;
}

/** A list that a stream feeds into the query cache under `["live", name]`. */
export function liveList<T>({ name, watch, idOf }: LiveListOptions<T>): LiveSource<T> {
  const key = ["live", name] as const;
  const change = (next: (list: LiveList<T>) => LiveList<T>): void => {
    queryClient.setQueryData<LiveList<T>>(key, (list) => next(list ?? emptyList));
  };
  const subscribe = sharedStream((signal) => {
    void follow(watch, {
      signal,
      onItem: (update) => change((list) => applyUpdate(list, update, idOf)),
      onError: (error) => change((list) => ({ ...list, error })),
    });
  });
  return { key, subscribe };
}

import { skipToken, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { type AppError, type ContainerDetails, isCancelled, toAppError } from "#contract";
import { backoffMs, pause } from "../lib/backoff.ts";
import { client } from "../lib/client.ts";
import { queryClient } from "../lib/query-client.ts";

/** One container as its page sees it. `removed` keeps what was known last. */
export interface LiveContainer {
  readonly details: ContainerDetails | undefined;
  readonly removed: boolean;
  readonly error: AppError | undefined;
}

const unknown: LiveContainer = { details: undefined, removed: false, error: undefined };

const keyOf = (id: string): readonly string[] => ["live", "container", id];

function change(id: string, next: Partial<LiveContainer>): void {
  queryClient.setQueryData<LiveContainer>(keyOf(id), (before) => ({ ...(before ?? unknown), ...next }));
}

/** Reads one pass of the stream; true when the container is gone for good. */
async function readOnce(id: string, signal: AbortSignal): Promise<boolean> {
  try {
    for await (const details of client.containers.watchOne({ id }, { signal })) {
      change(id, { details, removed: false, error: undefined });
    }
    // The stream ends by itself when the container was removed.
    change(id, { removed: true });
    return true;
  } catch (error) {
    if (isCancelled(error)) return true;
    const failure = toAppError(error);
    const known = queryClient.getQueryData<LiveContainer>(keyOf(id))?.details;
    if (failure.code === "not_found" && known) change(id, { removed: true });
    else change(id, { error: failure });
    return failure.code === "not_found" || failure.code === "bad_request";
  }
}

async function followContainer(id: string, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    if (await readOnce(id, signal)) return;
    await pause(backoffMs(attempt), signal);
  }
}

/** Keeps a container live for its page. One page, one caller; its tabs read it with `useContainer`. */
export function useFollowContainer(id: string): LiveContainer {
  useEffect(() => {
    const stop = new AbortController();
    void followContainer(id, stop.signal);
    return () => stop.abort();
  }, [id]);
  return useContainer(id);
}

export function useContainer(id: string): LiveContainer {
  return useQuery<LiveContainer>({ queryKey: keyOf(id), queryFn: skipToken, gcTime: 60_000 }).data ?? unknown;
}

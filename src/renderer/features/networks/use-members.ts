import { useEffect, useState } from "react";
import type { AppError, NetworkMember } from "#contract";
import { client } from "../../lib/client.ts";
import { follow } from "../../lib/follow.ts";

interface Members {
  readonly members: readonly NetworkMember[] | undefined;
  readonly error: AppError | undefined;
}

/** The members of a network, live. */
export function useMembers(id: string): Members {
  const [state, setState] = useState<Members>({ members: undefined, error: undefined });
  useEffect(() => {
    const controller = new AbortController();
    void follow((options) => client.networks.watchMembers({ id }, options), {
      signal: controller.signal,
      onItem: ({ members }) => setState({ members, error: undefined }),
      onError: (error) => setState((before) => ({ ...before, error })),
    });
    return () => controller.abort();
  }, [id]);
  return state;
}

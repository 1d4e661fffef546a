import { useCallback, useEffect, useRef, useState } from "react";
import { type AppError, isCancelled, toAppError } from "#contract";
import { client } from "../../lib/client.ts";

export interface PastMatch {
  readonly name: string;
  readonly matches: number;
  readonly samples: readonly { readonly at: number; readonly text: string }[];
}

export interface PastSearch {
  /** What was searched last; undefined before the first search. */
  readonly text: string | undefined;
  readonly found: readonly PastMatch[];
  readonly busy: boolean;
  readonly error: AppError | undefined;
  readonly start: (text: string, caseSensitive: boolean) => void;
}

const nothing: Omit<PastSearch, "start"> = { text: undefined, found: [], busy: false, error: undefined };

/** One search over all kept logs at a time; a new one, and leaving, stop it. */
export function usePastSearch(): PastSearch {
  const [state, setState] = useState(nothing);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const start = useCallback((text: string, caseSensitive: boolean) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    setState({ ...nothing, text, busy: true });
    void (async () => {
      try {
        for await (const match of client.logs.searchPast({ text, caseSensitive }, { signal })) {
          setState((before) => ({ ...before, found: [...before.found, match] }));
        }
        if (!signal.aborted) setState((before) => ({ ...before, busy: false }));
      } catch (error) {
        if (!isCancelled(error)) setState((before) => ({ ...before, busy: false, error: toAppError(error) }));
      }
    })();
  }, []);
  return { ...state, start };
}

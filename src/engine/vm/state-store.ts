import type { MachineState } from "#contract/machine.ts";
import { type MachineEvent, nextState } from "./machine-state.ts";

/** Holds the one state of the machine and tells its listeners of each change. */
export interface StateStore {
  readonly state: MachineState;
  dispatch(event: MachineEvent): void;
  /** Returns the function that ends it. */
  subscribe(listener: (state: MachineState) => void): () => void;
}

export function stateStore(initial: MachineState): StateStore {
  let state = initial;
  const listeners = new Set<(state: MachineState) => void>();
  return {
    get state() {
      return state;
    },
    dispatch: (event) => {
      const next = nextState(state, event);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener(next);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Something that changes, as a stream: its present value, then the latest after each change. */
export async function* latest<T>(
  read: () => T,
  subscribe: (changed: () => void) => () => void,
  signal: AbortSignal,
): AsyncGenerator<T> {
  let wake = Promise.withResolvers<void>();
  const changed = () => wake.resolve();
  const end = subscribe(changed);
  signal.addEventListener("abort", changed, { once: true });
  try {
    while (!signal.aborted) {
      yield read();
      await wake.promise;
      wake = Promise.withResolvers<void>();
    }
  } finally {
    end();
    signal.removeEventListener("abort", changed);
  }
}

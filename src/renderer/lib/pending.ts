import { create } from "zustand";
import { reportError } from "./notify.ts";

/** What is being done to which object just now, for example `container:4f1… → stop`. */
interface Pending {
  readonly verbs: Readonly<Record<string, string>>;
}

const usePending = create<Pending>(() => ({ verbs: {} }));

/** The verb that is under way for an object, or undefined. */
export function usePendingVerb(object: string): string | undefined {
  return usePending((state) => state.verbs[object]);
}

export function usePendingVerbs(): Readonly<Record<string, string>> {
  return usePending((state) => state.verbs);
}

export function pendingVerb(object: string): string | undefined {
  return usePending.getState().verbs[object];
}

interface Action {
  /** The object that the action works on; a second action on it is refused until the first has ended. */
  readonly object: string;
  readonly verb: string;
  readonly run: () => Promise<unknown>;
}

/** Runs an action once; throws what it throws. A second click while it runs does nothing and returns false. */
export async function perform({ object, verb, run }: Action): Promise<boolean> {
  if (pendingVerb(object)) return false;
  usePending.setState(({ verbs }) => ({ verbs: { ...verbs, [object]: verb } }));
  try {
    await run();
    return true;
  } finally {
    usePending.setState(({ verbs }) => {
      const { [object]: _done, ...rest } = verbs;
      return { verbs: rest };
    });
  }
}

/** As `perform`, for a click: a failure is told in a toast with this title. */
export function performAndTell(action: Action & { readonly failed: string }): void {
  perform(action).catch((error: unknown) => reportError(error, action.failed));
}

import { useState } from "react";
import { type AppError, isCancelled, toAppError } from "#contract";

export interface Submit {
  readonly busy: boolean;
  readonly error: AppError | undefined;
  readonly submit: () => void;
}

/** Runs what a form asks for once at a time, and keeps its failure for the form to show. */
export function useSubmit(action: () => Promise<void>): Submit {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError>();
  const run = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await action();
    } catch (failure) {
      if (!isCancelled(failure)) setError(toAppError(failure));
    }
    setBusy(false);
  };
  return { busy, error, submit: () => void (busy ? undefined : run()) };
}

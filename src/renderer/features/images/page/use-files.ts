import { useEffect, useState } from "react";
import { type AppError, isCancelled, toAppError } from "#contract";
import { client } from "../../../lib/client.ts";

export type FilesState =
  | { readonly status: "reading"; readonly readBytes: number; readonly sizeBytes: number }
  | { readonly status: "ready"; readonly layers: readonly { readonly entries: number }[]; readonly truncated: boolean }
  | { readonly status: "failed"; readonly error: AppError };

/** Has the files of an image read, while its tab is open. */
export function useReadFiles(id: string): { state: FilesState; retry: () => void } {
  const [state, setState] = useState<FilesState>({ status: "reading", readBytes: 0, sizeBytes: 0 });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt reads anew.
  useEffect(() => {
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      for await (const item of client.images.readFiles({ id }, { signal: stop.signal })) setState(item);
    };
    read().catch((error: unknown) => {
      if (!isCancelled(error) && !stop.signal.aborted) setState({ status: "failed", error: toAppError(error) });
    });
    return () => stop.abort();
  }, [id, attempt]);
  return { state, retry: () => setAttempt(attempt + 1) };
}

import i18next from "i18next";
import { create } from "zustand";
import { isCancelled } from "#contract";
import { reportError } from "../../lib/notify.ts";
import { downloadToDisk } from "./download.ts";

/** An upload or download under way. */
export interface Transfer {
  readonly id: number;
  readonly label: string;
  readonly doneBytes: number;
  readonly totalBytes: number | undefined;
  readonly cancel: () => void;
}

interface State {
  readonly transfers: readonly Transfer[];
  /** Counts up when a folder may have changed. */
  readonly changes: number;
}

export const useTransfers = create<State>(() => ({ transfers: [], changes: 0 }));

let nextId = 1;

export function noteChange(): void {
  useTransfers.setState(({ changes }) => ({ changes: changes + 1 }));
}

/** Shows work among the transfers until it ends, with its bytes and a way to stop it; a failure is told. */
export async function transfer(
  label: string,
  totalBytes: number | undefined,
  work: (options: { signal: AbortSignal; onBytes: (bytes: number) => void }) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const id = nextId++;
  const entry: Transfer = { id, label, doneBytes: 0, totalBytes, cancel: () => controller.abort() };
  useTransfers.setState(({ transfers }) => ({ transfers: [...transfers, entry] }));
  const onBytes = (doneBytes: number): void =>
    useTransfers.setState(({ transfers }) => ({
      transfers: transfers.map((other) => (other.id === id ? { ...other, doneBytes } : other)),
    }));
  try {
    await work({ signal: controller.signal, onBytes });
  } catch (error) {
    if (!controller.signal.aborted && !isCancelled(error))
      reportError(error, i18next.t("files:failed.transfer", { label }));
  } finally {
    useTransfers.setState(({ transfers }) => ({ transfers: transfers.filter((other) => other.id !== id) }));
    noteChange();
  }
}

export function download(volume: string, paths: readonly string[], label: string): void {
  void transfer(label, undefined, (options) => downloadToDisk(volume, paths, options));
}

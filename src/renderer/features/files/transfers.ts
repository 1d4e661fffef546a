import i18next from "i18next";
import { create } from "zustand";
import { isCancelled, type OnConflict } from "#contract";
import { client } from "../../lib/client.ts";
import { notify, reportError } from "../../lib/notify.ts";
import { downloadToDisk } from "./download.ts";
import { uploadFile } from "./upload.ts";

/** An upload or download under way. */
export interface Transfer {
  readonly id: number;
  readonly label: string;
  readonly doneBytes: number;
  readonly totalBytes: number | undefined;
  readonly cancel: () => void;
}

/** Files that wait for the user to say what happens to those that are there already. */
interface Waiting {
  readonly volume: string;
  readonly folder: string;
  readonly files: readonly File[];
  readonly taken: readonly string[];
}

interface State {
  readonly transfers: readonly Transfer[];
  readonly waiting: Waiting | undefined;
  /** Counts up when a folder may have changed. */
  readonly changes: number;
}

export const useTransfers = create<State>(() => ({ transfers: [], waiting: undefined, changes: 0 }));

let nextId = 1;

export function noteChange(): void {
  useTransfers.setState(({ changes }) => ({ changes: changes + 1 }));
}

async function transfer(
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

/** The files of a drop. A folder comes as a file that cannot be read, so it is left out, and that is said. */
export function droppedFiles(transfer: DataTransfer): readonly File[] {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const files = items.filter((item) => !item.webkitGetAsEntry()?.isDirectory);
  if (files.length < items.length) {
    notify({ title: i18next.t("files:folderDropped"), description: i18next.t("files:folderDroppedBody") });
  }
  return files.flatMap((item) => item.getAsFile() ?? []);
}

/** Uploads files one after the other; asks first where some are there already. */
export async function offerUpload(place: { volume: string; folder: string }, files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  try {
    const names = files.map(({ name }) => name).slice(0, 1000);
    const { names: taken } = await client.files.taken({ ...place, names });
    if (taken.length > 0) useTransfers.setState({ waiting: { ...place, files, taken } });
    else await sendAll(place, files, "refuse");
  } catch (error) {
    reportError(error, i18next.t("files:failed.upload"));
  }
}

/** The user's answer for files that are there already; undefined uploads nothing. */
export function answerConflict(onConflict: OnConflict | undefined): void {
  const { waiting } = useTransfers.getState();
  useTransfers.setState({ waiting: undefined });
  if (waiting && onConflict) void sendAll(waiting, waiting.files, onConflict);
}

async function sendAll(
  { volume, folder }: { volume: string; folder: string },
  files: readonly File[],
  onConflict: OnConflict,
): Promise<void> {
  for (const file of files) {
    await transfer(file.name, file.size, async (options) => {
      const name = await uploadFile(file, { volume, folder, onConflict }, options);
      if (files.length === 1) notify({ title: i18next.t("files:done.uploaded", { name }) });
    });
  }
  if (files.length > 1) notify({ title: i18next.t("files:done.uploadedMany", { count: files.length }) });
}

export function download(volume: string, paths: readonly string[], label: string): void {
  void transfer(label, undefined, (options) => downloadToDisk(volume, paths, options));
}

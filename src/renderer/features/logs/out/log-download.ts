import i18next from "i18next";
import { create } from "zustand";
import { isCancelled } from "#contract";
import { client } from "../../../lib/client.ts";
import { notify, reportError } from "../../../lib/notify.ts";
import { saveFile } from "../../../lib/save-file.ts";

export interface DownloadRequest {
  readonly view: string;
  /** The file's name without its ending. */
  readonly name: string;
  readonly what: "everything" | "shown";
  readonly format: "raw" | "timestamps" | "jsonl";
}

interface Running {
  readonly name: string;
  readonly lines: number;
  readonly bytes: number;
  readonly cancel: () => void;
}

/** The download that runs, if any; one at a time. */
export const useLogDownload = create<{ running: Running | undefined }>(() => ({ running: undefined }));

/** Pieces are joined to blobs of this size, which the browser can put on disk. */
const blobBytes = 8 << 20;
const tellEveryMs = 100;

const endings = { raw: "log", timestamps: "log", jsonl: "jsonl" } as const;

async function collect(
  { view, what, format }: DownloadRequest,
  signal: AbortSignal,
  onProgress: (lines: number, bytes: number) => void,
) {
  const blobs: Blob[] = [];
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let [pending, total, toldAt] = [0, 0, 0];
  for await (const { bytes, lines } of client.logs.export({ view, what, format }, { signal })) {
    pieces.push(new Uint8Array(bytes));
    pending += bytes.length;
    total += bytes.length;
    if (pending >= blobBytes) {
      blobs.push(new Blob(pieces));
      [pieces, pending] = [[], 0];
    }
    if (performance.now() - toldAt < tellEveryMs) continue;
    toldAt = performance.now();
    onProgress(lines, total);
  }
  return new Blob([...blobs, ...pieces], { type: "text/plain" });
}

/** Reads a log and hands it to the browser to save, telling how far it is. */
export async function downloadLog(request: DownloadRequest): Promise<void> {
  useLogDownload.getState().running?.cancel();
  const stop = new AbortController();
  const name = `${request.name}.${endings[request.format]}`;
  const tell = (lines: number, bytes: number): void =>
    useLogDownload.setState({ running: { name, lines, bytes, cancel: () => stop.abort() } });
  tell(0, 0);
  try {
    saveFile(await collect(request, stop.signal, tell), name);
    notify({ title: i18next.t("logs:download.done", { name }) });
  } catch (error) {
    if (!isCancelled(error)) reportError(error);
  }
  useLogDownload.setState({ running: undefined });
}

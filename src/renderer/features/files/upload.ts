import { maxPieceBytes, type OnConflict } from "#contract";
import { client } from "../../lib/client.ts";

export interface UploadTarget {
  readonly volume: string;
  readonly folder: string;
  readonly onConflict: OnConflict;
}

/** Sends one file piece by piece; each waits for the one before, so that a slow engine slows the page's reading. */
export async function uploadFile(
  file: File,
  { volume, folder, onConflict }: UploadTarget,
  { signal, onBytes }: { signal: AbortSignal; onBytes: (bytes: number) => void },
): Promise<string> {
  const { upload } = await client.files.beginUpload({
    volume,
    folder,
    name: file.name,
    sizeBytes: file.size,
    onConflict,
  });
  try {
    for (let at = 0; at < file.size; at += maxPieceBytes) {
      const bytes = new Uint8Array(await file.slice(at, at + maxPieceBytes).arrayBuffer());
      signal.throwIfAborted();
      await client.files.uploadPiece({ upload, bytes }, { signal });
      onBytes(Math.min(at + maxPieceBytes, file.size));
    }
    return (await client.files.finishUpload({ upload })).name;
  } catch (error) {
    await client.files.cancelUpload({ upload }).catch(() => {});
    throw error;
  }
}

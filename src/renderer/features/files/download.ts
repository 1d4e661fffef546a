import { client } from "../../lib/client.ts";
import { saveFile } from "../../lib/save-file.ts";

/** Gets files of a volume and hands them to the browser to save. */
export async function downloadToDisk(
  volume: string,
  paths: readonly string[],
  { signal, onBytes }: { signal: AbortSignal; onBytes: (bytes: number) => void },
): Promise<void> {
  let name = volume;
  let doneBytes = 0;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const item of client.files.download({ volume, paths: [...paths] }, { signal })) {
    if (item.kind === "start") name = item.name;
    else {
      parts.push(new Uint8Array(item.bytes));
      doneBytes += item.bytes.length;
      onBytes(doneBytes);
    }
  }
  saveFile(new Blob(parts), name);
}

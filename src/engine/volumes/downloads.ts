import { AppError } from "#contract/errors.ts";
import { getArchive } from "../docker/archive.ts";
import type { Helper } from "../docker/helper.ts";
import { type ReadEntry, readTar } from "../tar/read.ts";
import { inHelper, splitPath } from "./file-path.ts";
import { enter, requireDone } from "./list-files.ts";
import type { VolumeSpace } from "./space.ts";
import { packed } from "./unpack.ts";

const about = { verb: "download from", kind: "volume" } as const;

/** What the screen gets: a name to save under, then the bytes. */
export type DownloadItem =
  | { kind: "start"; name: string; sizeBytes?: number }
  | { kind: "bytes"; bytes: Uint8Array<ArrayBuffer> };

/** Largest piece; a message is to be small enough for the page to stay quick. */
const pieceBytes = 512 * 1024;

async function* inPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<DownloadItem> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      yield { kind: "bytes", bytes: new Uint8Array(chunk.subarray(at, at + pieceBytes)) };
    }
  }
}

async function* entriesOf(helper: Helper, path: string, signal: AbortSignal): AsyncGenerator<ReadEntry> {
  const archive = await getArchive({ helper, path: inHelper(path), about, signal });
  yield* readTar(archive as AsyncIterable<Buffer>);
}

async function* entriesOfAll(helper: Helper, paths: readonly string[], signal: AbortSignal): AsyncGenerator<ReadEntry> {
  for (const path of paths) yield* entriesOf(helper, path, signal);
}

/** Holds a helper for as long as the stream is read. */
async function* withHelper<T>(
  space: VolumeSpace,
  volume: string,
  work: (helper: Helper) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  const done = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<Helper>();
  const using = space.warm
    .use(volume, async (helper) => {
      taken.resolve(helper);
      await done.promise;
    })
    .catch(taken.reject);
  try {
    yield* work(await taken.promise);
  } finally {
    done.resolve();
    await using;
  }
}

function archiveName(volume: string, paths: readonly string[]): string {
  const only = paths.length === 1 ? splitPath(paths[0] ?? "").name : "";
  return `${only || volume}.tar`;
}

/** One file as it is; a folder, or several things, as one tar archive. Errors: not_found. */
export function downloadFiles(
  space: VolumeSpace,
  { volume, paths }: { volume: string; paths: readonly string[] },
  signal: AbortSignal,
): AsyncGenerator<DownloadItem> {
  return withHelper(space, volume, async function* (helper) {
    for (const path of paths) {
      const parts = [Buffer.from("( "), enter(splitPath(path).folder), Buffer.from("true )")];
      requireDone(await helper.run(Buffer.concat(parts), { signal }), path);
    }
    const [only, ...others] = paths;
    if (only !== undefined && others.length === 0) {
      for await (const read of entriesOf(helper, only, signal)) {
        if (read.entry.type !== "file") break;
        yield { kind: "start", name: splitPath(only).name, sizeBytes: read.entry.sizeBytes } as const;
        yield* inPieces(read.content());
        return;
      }
    }
    if (signal.aborted) throw new AppError("cancelled", "Cancelled.");
    yield { kind: "start", name: archiveName(volume, paths) } as const;
    yield* inPieces(packed(entriesOfAll(helper, paths, signal)));
  });
}

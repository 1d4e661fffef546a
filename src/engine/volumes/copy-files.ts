import type { OnConflict } from "#contract";
import { AppError } from "#contract/errors.ts";
import { getArchive, putArchive } from "../docker/archive.ts";
import type { Helper } from "../docker/helper.ts";
import { type ReadEntry, readTar } from "../tar/read.ts";
import type { TaskHandle } from "../tasks/running-task.ts";
import { numberedName, removeFiles, takenNames } from "./change-files.ts";
import { encodePath, inHelper, joinPath, splitPath } from "./file-path.ts";
import type { VolumeSpace } from "./space.ts";
import { packed } from "./unpack.ts";

export interface CopyRequest {
  readonly from: { readonly volume: string; readonly paths: readonly string[] };
  readonly to: { readonly volume: string; readonly folder: string };
  readonly onConflict: OnConflict;
}

/** Gives the copied thing another name at the root of its archive. */
async function* renamed(entries: AsyncIterable<ReadEntry>, from: string, to: string): AsyncGenerator<ReadEntry> {
  const [old, fresh] = [encodePath(from), encodePath(to)];
  const rename = (name: Buffer): Buffer =>
    name.subarray(0, old.length).equals(old) ? Buffer.concat([fresh, name.subarray(old.length)]) : name;
  for await (const { entry, content } of entries) {
    const linkName = entry.type === "hardlink" ? rename(entry.linkName) : entry.linkName;
    yield { entry: { ...entry, name: rename(entry.name), linkName }, content };
  }
}

/** The name to copy to; undefined where the thing is skipped. */
async function nameFor(space: VolumeSpace, { to, onConflict }: CopyRequest, name: string): Promise<string | undefined> {
  const place = { volume: to.volume, folder: to.folder };
  const isTaken = (await takenNames(space, { ...place, names: [name] })).length > 0;
  if (!isTaken) return name;
  if (onConflict === "skip") return undefined;
  if (onConflict === "replace") return name;
  if (onConflict === "keepBoth") {
    const candidates = Array.from({ length: 200 }, (_unused, index) => numberedName(name, index + 2));
    const taken = new Set(await takenNames(space, { ...place, names: candidates }));
    return candidates.find((candidate) => !taken.has(candidate));
  }
  throw new AppError("conflict", `${name} is already in ${joinPath(to.volume, to.folder)}.`, {
    data: { reason: "taken" },
  });
}

/** The work of a copy task; a copy that is cut off leaves what was copied so far. */
export async function copyFiles(space: VolumeSpace, request: CopyRequest, task: TaskHandle): Promise<number> {
  const { from, to } = request;
  space.facts.requireChangeable(to.volume);
  const about = { verb: "copy files to", kind: "volume", name: to.volume } as const;
  const { signal } = task;
  let copied = 0;
  let doneBytes = 0;
  const pour = async (source: Helper, target: Helper): Promise<void> => {
    for (const path of from.paths) {
      const { name, folder } = splitPath(path);
      const newName = await nameFor(space, request, name);
      if (newName === undefined) continue;
      const isItself = from.volume === to.volume && folder === to.folder && newName === name;
      if (isItself || (from.volume === to.volume && `${to.folder}/`.startsWith(`${path}/`))) {
        throw new AppError("bad_request", `${name} cannot be copied onto or into itself.`);
      }
      if (request.onConflict === "replace") {
        await removeFiles(space, { volume: to.volume, paths: [joinPath(to.folder, newName)] }, signal);
      }
      task.report({ activity: `Copying ${name}` });
      const archive = await getArchive({ helper: source, path: inHelper(path), about, signal });
      const before = doneBytes;
      const entries = renamed(readTar(archive as AsyncIterable<Buffer>), name, newName);
      const onBytes = (bytes: number): void => {
        doneBytes = before + bytes;
        task.report({ doneBytes });
      };
      const content = packed(entries, { onBytes });
      await putArchive({ helper: target, path: inHelper(to.folder), about, signal }, content);
      copied += 1;
    }
  };
  await space.warm.use(from.volume, (source) => space.warm.use(to.volume, (target) => pour(source, target)));
  return copied;
}

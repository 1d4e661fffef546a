import i18next from "i18next";
import { create } from "zustand";
import { maxNames, type OnConflict } from "#contract";
import { toAppError } from "#contract/errors.ts";
import { client } from "../../lib/client.ts";
import { notify, reportError } from "../../lib/notify.ts";
import { joinPath, nameOf, parentOf } from "./file-format.ts";
import { transfer } from "./transfers.ts";
import { uploadFile } from "./upload.ts";
import type { UploadSet } from "./upload-set.ts";

interface UploadPlace {
  readonly volume: string;
  readonly folder: string;
}

/** Files that wait for the user to say what happens to those that are there already. */
interface Waiting {
  readonly place: UploadPlace;
  readonly set: UploadSet;
  /** Paths below the place. */
  readonly taken: readonly string[];
}

export const useWaiting = create<{ readonly waiting: Waiting | undefined }>(() => ({ waiting: undefined }));

/** Asks first where some of the files are there already; folders that are there get what is new. */
export async function offerUpload(place: UploadPlace, chosen: UploadSet | Promise<UploadSet>): Promise<void> {
  try {
    const set = await chosen;
    if (set.items.length === 0 && set.folders.length === 0) return;
    const taken = await takenFiles(place, set);
    if (taken.length > 0) useWaiting.setState({ waiting: { place, set, taken } });
    else await send(place, set, "refuse");
  } catch (error) {
    reportError(error, i18next.t("files:failed.upload"));
  }
}

/** The user's answer for files that are there already; undefined uploads nothing. */
export function answerConflict(onConflict: OnConflict | undefined): void {
  const { waiting } = useWaiting.getState();
  useWaiting.setState({ waiting: undefined });
  if (waiting && onConflict) void send(waiting.place, waiting.set, onConflict);
}

async function takenIn(place: UploadPlace, names: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (let at = 0; at < names.length; at += maxNames) {
    const part = names.slice(at, at + maxNames);
    for (const name of (await client.files.taken({ ...place, names: part })).names) found.add(name);
  }
  return found;
}

/** Paths, below the place, of the files that are there already. A folder that is not there holds none. */
async function takenFiles({ volume, folder }: UploadPlace, { items, folders }: UploadSet): Promise<string[]> {
  const files = Map.groupBy(items, (item) => item.folder);
  const inner = Map.groupBy(folders, parentOf);
  const taken: string[] = [];
  const there = [""];
  for (const path of there) {
    const names = (files.get(path) ?? []).map(({ file }) => file.name);
    const below = (inner.get(path) ?? []).map(nameOf);
    const found = await takenIn({ volume, folder: joinPath(folder, path) }, [...names, ...below]);
    taken.push(...names.filter((name) => found.has(name)).map((name) => joinPath(path, name)));
    there.push(...below.filter((name) => found.has(name)).map((name) => joinPath(path, name)));
  }
  return taken;
}

async function ensureFolder(volume: string, path: string): Promise<void> {
  try {
    await client.files.makeFolder({ volume, path });
  } catch (error) {
    // It is there already. Where it is no folder, the files that go into it say so.
    if (toAppError(error).code !== "conflict") throw error;
  }
}

/** What the user picked: its name, or the first one's and how many more. */
function labelOf({ items, folders }: UploadSet): string {
  const paths = [...folders, ...items.map(({ file, folder }) => joinPath(folder, file.name))];
  const [first = "", ...others] = new Set(paths.map((path) => path.split("/", 1)[0] ?? ""));
  return others.length === 0 ? first : i18next.t("files:several", { name: first, count: others.length });
}

/** One file after the other; what fails is said at the end, and the others arrive. */
async function send({ volume, folder }: UploadPlace, set: UploadSet, onConflict: OnConflict): Promise<void> {
  const { items, folders } = set;
  const totalBytes = items.reduce((sum, { file }) => sum + file.size, 0);
  await transfer(labelOf(set), totalBytes, async ({ signal, onBytes }) => {
    for (const inner of folders) {
      signal.throwIfAborted();
      await ensureFolder(volume, joinPath(folder, inner));
    }
    let before = 0;
    const names: string[] = [];
    const failures: unknown[] = [];
    for (const { file, folder: inner } of items) {
      const target = { volume, folder: joinPath(folder, inner), onConflict };
      try {
        names.push(await uploadFile(file, target, { signal, onBytes: (bytes) => onBytes(before + bytes) }));
      } catch (error) {
        signal.throwIfAborted();
        failures.push(error);
      }
      before += file.size;
    }
    tellEnd(set, names, failures);
  });
}

function tellEnd(set: UploadSet, names: readonly string[], failures: readonly unknown[]): void {
  const { length: count } = names;
  if (failures.length > 0) {
    const total = count + failures.length;
    reportError(failures[0], i18next.t("files:failed.some", { count: failures.length, total }));
  } else if (count === 1 && set.folders.length === 0) {
    notify({ title: i18next.t("files:done.uploaded", { name: names[0] ?? "" }) });
  } else notify({ title: i18next.t("files:done.uploadedMany", { count }) });
}

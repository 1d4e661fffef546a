import { joinPath } from "./file-format.ts";

/** One file of an upload. */
export interface UploadItem {
  readonly file: File;
  /** Folder below the place it goes to; empty for the place itself. */
  readonly folder: string;
}

/** What goes up together. */
export interface UploadSet {
  readonly items: readonly UploadItem[];
  /** Folders to make, each after the one that holds it; also those without a file. */
  readonly folders: readonly string[];
}

/** The part of a `FileSystemEntry` that is used; the browser's types give the callbacks one by one. */
export interface DroppedEntry {
  readonly name: string;
  readonly isDirectory: boolean;
  file?(resolve: (file: File) => void, reject: (cause: unknown) => void): void;
  createReader?(): { readEntries(resolve: (found: DroppedEntry[]) => void, reject: (cause: unknown) => void): void };
}

/** Files that were picked; those of a picked folder carry their path. */
export function fromPicked(files: readonly File[]): UploadSet {
  const items = files.map((file) => ({ file, folder: file.webkitRelativePath.split("/").slice(0, -1).join("/") }));
  const folders = new Set<string>();
  for (const { folder } of items) {
    const parts = folder === "" ? [] : folder.split("/");
    for (const depth of parts.keys()) folders.add(parts.slice(0, depth + 1).join("/"));
  }
  return { items, folders: [...folders] };
}

/**
 * Files and whole folders of a drop. What was dropped is taken at once, because the browser empties it when the event is
 * over; folders are read afterwards. Rejects where one cannot be read.
 */
export function fromDrop(transfer: DataTransfer): Promise<UploadSet> {
  const dropped = [...transfer.items].filter(({ kind }) => kind === "file");
  const entries = dropped.flatMap((item): (DroppedEntry | File)[] => {
    const entry = item.webkitGetAsEntry() as DroppedEntry | null;
    // One that a script made has a file and no entry.
    const only = entry ?? item.getAsFile();
    return only ? [only] : [];
  });
  return fromEntries(entries);
}

export async function fromEntries(entries: readonly (DroppedEntry | File)[]): Promise<UploadSet> {
  const items: UploadItem[] = [];
  const folders: string[] = [];
  async function add(entry: DroppedEntry | File, folder: string): Promise<void> {
    if (entry instanceof File) items.push({ file: entry, folder });
    else if (entry.isDirectory) {
      const path = joinPath(folder, entry.name);
      folders.push(path);
      for (const inner of await entriesOf(entry)) await add(inner, path);
    } else items.push({ file: await fileOf(entry), folder });
  }
  for (const entry of entries) await add(entry, "");
  return { items, folders };
}

function fileOf(entry: DroppedEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file?.(resolve, reject);
  });
}

/** A reader gives a hundred at a time, and none when it is through. */
async function entriesOf(folder: DroppedEntry): Promise<DroppedEntry[]> {
  const reader = folder.createReader?.();
  const all: DroppedEntry[] = [];
  for (;;) {
    const found = await new Promise<DroppedEntry[]>((resolve, reject) => {
      if (reader) reader.readEntries(resolve, reject);
      else resolve([]);
    });
    if (found.length === 0) return all;
    all.push(...found);
  }
}

/** Asks for a folder; an empty set where none was chosen. */
export function pickFolder(): Promise<UploadSet> {
  const picker = document.createElement("input");
  picker.type = "file";
  picker.webkitdirectory = true;
  return new Promise((resolve) => {
    picker.addEventListener("change", () => resolve(fromPicked([...(picker.files ?? [])])));
    picker.addEventListener("cancel", () => resolve({ items: [], folders: [] }));
    picker.click();
  });
}

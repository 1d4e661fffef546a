import type { BackupManifest } from "#contract";
import { type Helper, outputOf } from "../docker/helper.ts";
import { sh } from "../docker/shell.ts";
import { ArchiveError, type TarEntry } from "../tar/entry.ts";
import type { ArchiveGuard } from "../tar/guard.ts";
import type { ReadEntry } from "../tar/read.ts";
import { encodeHeader, encodePadding, endOfArchive } from "../tar/write.ts";
import { dataPrefix, type ReadState, readManifest } from "./backup-file.ts";
import { volumeMount } from "./file-path.ts";

/** Small pieces are sent together: a write for each header costs more than the copy. */
const batchBytes = 256 * 1024;

/** A backup's entry as it goes into the volume; undefined for what is none of its data. */
function rebased(entry: TarEntry, hasManifest: boolean): TarEntry {
  if (!hasManifest) return entry;
  const strip = (path: Buffer): Buffer | undefined => {
    const text = path.toString("latin1").replace(/\/+$/, "");
    if (text === dataPrefix) return Buffer.alloc(0);
    return text.startsWith(`${dataPrefix}/`) ? Buffer.from(text.slice(dataPrefix.length + 1), "latin1") : undefined;
  };
  const name = strip(entry.name);
  const linkName = entry.type === "hardlink" ? strip(entry.linkName) : entry.linkName;
  if (!name || !linkName)
    throw new ArchiveError(`It holds ${JSON.stringify(entry.name.toString())}, which is no part of a backup.`);
  return { ...entry, name, linkName };
}

/** What a walk over a backup calls back. */
export interface BackupVisitor {
  readonly guard: ArchiveGuard;
  readonly state: ReadState;
  readonly onManifest?: (manifest: BackupManifest) => void;
}

/** The entries of a backup that may be unpacked, with their content, under their names in the volume. */
export async function* admitted(
  entries: AsyncIterable<ReadEntry>,
  { guard, state, onManifest }: BackupVisitor,
): AsyncGenerator<ReadEntry> {
  let isFirst = true;
  let hasManifest = false;
  for await (const read of entries) {
    const manifest = isFirst ? await readManifest(read) : undefined;
    isFirst = false;
    if (manifest) {
      hasManifest = true;
      onManifest?.(manifest);
      continue;
    }
    const entry = guard.admit(rebased(read.entry, hasManifest), state.readBytes);
    yield { entry, content: () => read.content() };
  }
}

/** Entries of an archive that the engine made of `/data`, under their names in the volume. */
export async function* ofVolume(entries: AsyncIterable<ReadEntry>): AsyncGenerator<ReadEntry> {
  for await (const read of entries) yield { entry: rebased(read.entry, true), content: () => read.content() };
}

/** What a walk over entries that are packed calls back. */
export interface PackVisitor {
  /** Gets the running count of content bytes. */
  readonly onBytes?: (bytes: number) => void;
  /** Gets the root's own entry, which the engine passes over when it unpacks. */
  readonly onRoot?: (root: TarEntry) => void;
}

/** A tar stream of entries. */
export async function* packed(
  entries: AsyncIterable<ReadEntry>,
  { onBytes, onRoot }: PackVisitor = {},
): AsyncGenerator<Buffer> {
  let batch: Buffer[] = [];
  let size = 0;
  let total = 0;
  const flush = (): Buffer => {
    const joined = Buffer.concat(batch, size);
    batch = [];
    size = 0;
    return joined;
  };
  const add = (part: Buffer): void => {
    batch.push(part);
    size += part.length;
  };
  for await (const { entry, content } of entries) {
    if (entry.name.length === 0) {
      onRoot?.(entry);
      continue;
    }
    add(encodeHeader(entry));
    for await (const part of content()) {
      total += part.length;
      if (part.length >= batchBytes) {
        if (size > 0) yield flush();
        yield part;
      } else add(part);
      if (size >= batchBytes) yield flush();
      onBytes?.(total);
    }
    add(encodePadding(entry));
    if (size >= batchBytes) yield flush();
  }
  add(endOfArchive);
  yield flush();
}

/** Gives the root of the volume in a helper the owner, mode and time that its archive told. */
export async function applyRoot(helper: Helper, root: TarEntry | undefined, signal: AbortSignal): Promise<void> {
  if (!root) return;
  const { uid, gid, mode, mtime } = root;
  const seconds = Math.max(0, Math.floor(Number(mtime)));
  // Last the mode, which a change of owner would cut.
  const script = sh`chown ${uid}:${gid} ${volumeMount} && touch -d @${seconds} ${volumeMount} && chmod ${mode.toString(8)} ${volumeMount}`;
  outputOf(await helper.run(script, { signal }), "The volume's own owner and mode could not be set");
}

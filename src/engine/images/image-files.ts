import { AppError, toAppError } from "#contract/errors.ts";
import type { ImageFile } from "#contract/images.ts";
import { Bell } from "../bell.ts";
import { inspectRaw } from "../docker/image-details.ts";
import { openSaved } from "../docker/image-transfer.ts";
import type { Session } from "../docker/session.ts";
import { applyLayer, emptyTree, type FileNode, findFolder, layerTree, listFolder } from "./layer-tree.ts";
import { readSavedImage, type SavedImage } from "./saved-image.ts";

/** About 300 bytes an entry: a few hundred megabytes at the very most. */
const maxCachedEntries = 1_200_000;
const progressEveryMs = 100;

type ReadState =
  | { status: "reading"; readBytes: number; sizeBytes: number }
  | { status: "ready"; layers: { entries: number }[]; truncated: boolean };

interface Known {
  readonly saved: SavedImage;
  readonly merged: FileNode;
  readonly layerTrees: Map<number, FileNode>;
  readonly entries: number;
}

function know(saved: SavedImage): Known {
  const merged = emptyTree();
  for (const [layer, entries] of saved.layers.entries()) applyLayer(merged, entries, layer);
  const entries = saved.layers.reduce((sum, layer) => sum + layer.length, 0);
  return { saved, merged, layerTrees: new Map(), entries };
}

/** The reading of one image that goes on now, for all who wait for it; it stops when the last one leaves. */
class Reading {
  readonly controller = new AbortController();
  readonly bells = new Set<Bell>();
  readonly sizeBytes: number;
  readBytes = 0;
  failure: AppError | undefined;

  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes;
  }

  ring(): void {
    for (const bell of this.bells) bell.ring();
  }
}

/** The files of images, read once by `docker save` and kept for the images looked at last. */
export class ImageFiles {
  /** By image id, the one used last at the end. */
  readonly #known = new Map<string, Known>();
  readonly #readings = new Map<string, Reading>();

  /** Reads the image unless its files are known. Errors: not_found, unavailable. */
  async *read(session: Session, name: string, signal: AbortSignal): AsyncGenerator<ReadState> {
    const { image } = await inspectRaw(session, name, signal);
    const id = image.Id;
    if (!this.#known.has(id)) yield* this.#follow(session, { id, sizeBytes: image.Size }, signal);
    if (signal.aborted) return;
    const { saved } = this.#get(id);
    const layers = saved.layers.map((entries) => ({ entries: entries.length }));
    yield { status: "ready", layers, truncated: saved.truncated };
  }

  /** One folder of an image that was read; all layers merged where none is named. Errors: not_found. */
  async list(
    session: Session,
    options: { id: string; layer?: number | undefined; path: string },
  ): Promise<ImageFile[]> {
    const id = this.#known.has(options.id) ? options.id : (await inspectRaw(session, options.id)).image.Id;
    const known = this.#get(id);
    const tree = options.layer === undefined ? known.merged : this.#layer(known, options.layer);
    const found = findFolder(tree, options.path);
    if (!found) throw new AppError("not_found", `There is no folder ${options.path} in this image.`);
    return listFolder(found);
  }

  #layer(known: Known, layer: number): FileNode {
    const entries = known.saved.layers[layer];
    if (!entries) throw new AppError("not_found", `This image has no layer ${layer}.`);
    const tree = known.layerTrees.get(layer) ?? layerTree(entries, layer);
    known.layerTrees.set(layer, tree);
    return tree;
  }

  #get(id: string): Known {
    const known = this.#known.get(id);
    if (!known) throw new AppError("not_found", "The files of this image are not read any more. Open them again.");
    this.#known.delete(id);
    this.#known.set(id, known);
    return known;
  }

  async *#follow(
    session: Session,
    { id, sizeBytes }: { id: string; sizeBytes: number },
    signal: AbortSignal,
  ): AsyncGenerator<ReadState> {
    const reading = this.#readings.get(id) ?? this.#start(session, id, sizeBytes);
    const bell = new Bell();
    reading.bells.add(bell);
    try {
      for (;;) {
        yield { status: "reading", readBytes: reading.readBytes, sizeBytes: reading.sizeBytes };
        await bell.wait(signal);
        if (signal.aborted || this.#known.has(id)) return;
        if (reading.failure) throw reading.failure;
      }
    } finally {
      reading.bells.delete(bell);
      if (reading.bells.size === 0) reading.controller.abort();
    }
  }

  #start(session: Session, id: string, sizeBytes: number): Reading {
    const reading = new Reading(sizeBytes);
    this.#readings.set(id, reading);
    void this.#readAll(session, id, reading)
      .catch((error: unknown) => {
        reading.failure = toAppError(error);
      })
      .finally(() => {
        this.#readings.delete(id);
        reading.ring();
      });
    return reading;
  }

  async #readAll(session: Session, id: string, reading: Reading): Promise<void> {
    const { signal } = reading.controller;
    const tar = await openSaved(session, [id], signal);
    let toldAt = 0;
    const saved = await readSavedImage(tar, (bytes) => {
      reading.readBytes += bytes;
      const now = performance.now();
      if (now - toldAt < progressEveryMs) return;
      toldAt = now;
      reading.ring();
    });
    if (signal.aborted) return;
    this.#known.set(id, know(saved));
    this.#trim();
  }

  #trim(): void {
    let entries = [...this.#known.values()].reduce((sum, known) => sum + known.entries, 0);
    for (const [id, known] of this.#known) {
      if (entries <= maxCachedEntries || this.#known.size === 1) return;
      this.#known.delete(id);
      entries -= known.entries;
    }
  }
}

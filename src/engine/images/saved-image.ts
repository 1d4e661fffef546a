import { posix } from "node:path";
import type { Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { z } from "zod";
import { AppError } from "#contract/errors.ts";
import type { Blocks } from "../docker/blocks.ts";
import { type BodySink, NoTarError, type TarEntry, TarScanner } from "./tar-scanner.ts";

/** An image with more entries than this is shown in part. */
const maxEntries = 1_000_000;
const maxManifestBytes = 8 << 20;

const manifest = z.array(z.object({ Layers: z.array(z.string()).nullish() })).min(1);

/** The entries of each layer, the lowest first. */
export interface SavedImage {
  readonly layers: readonly (readonly TarEntry[])[];
  readonly truncated: boolean;
}

/** Reads entries of one layer's tar, which may be compressed; forgets them where it turns out to be no tar. */
class LayerReader implements BodySink {
  readonly entries: TarEntry[] = [];
  /** Waits here for a decompressor that is slower than the engine. */
  drained: Promise<void> | undefined;
  finished: Promise<void> = Promise.resolve();
  readonly #room: { left: number };
  #scanner: TarScanner | undefined;
  #unpack: Transform | undefined;
  #started = false;

  constructor(room: { left: number }) {
    this.#room = room;
  }

  write(bytes: Buffer): void {
    if (!this.#started) this.#start(bytes);
    if (this.#unpack) {
      const unpack = this.#unpack;
      // It works on another thread, while the memory of these bytes is used again.
      if (!unpack.write(Buffer.from(bytes)))
        this.drained = new Promise((resolve) => unpack.once("drain", resolve).once("close", resolve));
    } else this.#scan(bytes);
  }

  end(): void {
    this.#unpack?.end();
  }

  #start(bytes: Buffer): void {
    this.#started = true;
    this.#scanner = new TarScanner((entry) => {
      this.#room.left -= 1;
      if (this.#room.left >= 0) this.entries.push(entry);
      return undefined;
    });
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const isZstd = bytes[0] === 0x28 && bytes[1] === 0xb5;
    if (!isGzip && !isZstd) return;
    const unpack = isGzip ? createGunzip() : createZstdDecompress();
    this.#unpack = unpack;
    unpack.on("data", (chunk: Buffer) => this.#scan(chunk));
    this.finished = new Promise((resolve) => unpack.once("end", resolve).once("error", () => resolve()));
  }

  #scan(bytes: Buffer): void {
    try {
      this.#scanner?.push(bytes);
    } catch (error) {
      if (!(error instanceof NoTarError)) throw error;
      // A config or another blob: the manifest will not name it as a layer.
      this.entries.length = 0;
      this.#scanner = undefined;
    }
  }
}

function collector(limitBytes: number, done: (text: string) => void): BodySink {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  return {
    write: (bytes) => {
      sizeBytes += bytes.length;
      if (sizeBytes <= limitBytes) chunks.push(Buffer.from(bytes));
    },
    end: () => done(Buffer.concat(chunks).toString("utf8")),
  };
}

function mayBeLayer({ path, type }: TarEntry): boolean {
  return type === "0" && (path.endsWith(".tar") || path.startsWith("blobs/"));
}

/** What `docker save` writes, by the names in the tar. */
class Archive {
  readonly layers = new Map<string, LayerReader>();
  readonly links = new Map<string, string>();
  readonly room = { left: maxEntries };
  manifest = "";
  current: LayerReader | undefined;

  take(entry: TarEntry): BodySink | undefined {
    const path = posix.normalize(entry.path);
    if (path === "manifest.json") {
      return collector(maxManifestBytes, (text) => {
        this.manifest = text;
      });
    }
    // The engine writes a layer that occurs twice as a link to the first.
    if (entry.type === "2") this.links.set(path, posix.join(posix.dirname(path), entry.target));
    if (!mayBeLayer(entry)) return undefined;
    this.current = new LayerReader(this.room);
    this.layers.set(path, this.current);
    return this.current;
  }

  find(path: string): readonly TarEntry[] {
    const normal = posix.normalize(path);
    return this.layers.get(this.links.get(normal) ?? normal)?.entries ?? [];
  }
}

/** Lists the files of each layer of one saved image, reading the tar once. Errors: unavailable where it is cut. */
export async function readSavedImage(tar: Blocks, onRead: (bytes: number) => void): Promise<SavedImage> {
  const archive = new Archive();
  const scanner = new TarScanner((entry) => archive.take(entry));
  try {
    for await (const chunk of tar) {
      scanner.push(chunk);
      onRead(chunk.length);
      if (archive.current?.drained) await archive.current.drained;
    }
    scanner.end();
    await Promise.all([...archive.layers.values()].map(({ finished }) => finished));
    const [image] = manifest.parse(JSON.parse(archive.manifest));
    const layers = (image?.Layers ?? []).map((path) => archive.find(path));
    return { layers, truncated: archive.room.left < 0 };
  } catch (error) {
    if (error instanceof AppError || (error instanceof Error && error.name === "AbortError")) throw error;
    const message = "The engine's copy of this image could not be read to its end. Try again.";
    throw new AppError("unavailable", message, { cause: error });
  }
}

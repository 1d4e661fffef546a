import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "#contract/errors.ts";

const manifestSchema = z.object({
  imageId: z.string().min(1),
  arch: z.enum(["amd64", "arm64"]),
  kernelCommandLine: z.string(),
  files: z.array(z.object({ name: z.string(), sizeBytes: z.number(), sha256: z.string() })),
});

/** A guest image that lies ready on this machine. Paths are absolute. */
export interface GuestImage {
  readonly id: string;
  readonly arch: "amd64" | "arm64";
  readonly folder: string;
  readonly createdAt: number;
  readonly kernelCommandLine: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly root: string;
}

/** Where images come from; the app hands in one that builds, unpacks or downloads. */
export interface ImageSource {
  /** Sees to it that an image lies in a folder below `folder`, and reports progress in words. */
  provide(folder: string, report: (text: string) => void, signal: AbortSignal): Promise<void>;
}

/** The whole images in the folder, newest first. A folder without a readable manifest is not an image. */
export async function listImages(folder: string): Promise<GuestImage[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.map((name) => readImage(join(folder, name))));
  return found.filter((image) => image !== undefined).sort((one, other) => other.createdAt - one.createdAt);
}

/** The image in one folder; undefined where there is none. */
export async function readImage(folder: string): Promise<GuestImage | undefined> {
  try {
    const path = join(folder, "manifest.json");
    const manifest = manifestSchema.parse(JSON.parse(await readFile(path, "utf8")));
    return {
      id: manifest.imageId,
      arch: manifest.arch,
      folder,
      createdAt: (await stat(path)).mtimeMs,
      kernelCommandLine: manifest.kernelCommandLine,
      kernel: join(folder, manifest.arch === "amd64" ? "vmlinux" : "Image"),
      initrd: join(folder, "initrd.cpio"),
      root: join(folder, "root.erofs"),
    };
  } catch {
    return undefined;
  }
}

/**
 * Throws `internal` where a file of the image is missing or not what its manifest says. Whole files are read
 * once; later, sizes and times are compared with those of that reading.
 */
export async function verifyImage(image: GuestImage): Promise<void> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(image.folder, "manifest.json"), "utf8")));
  const needed = new Set([image.kernel, image.initrd, image.root]);
  const files = manifest.files.filter(({ name }) => needed.has(join(image.folder, name)));
  if (files.length < needed.size) throw broken(image, "its manifest does not name all files");
  const seen: string[] = [];
  for (const file of files) {
    const info = await stat(join(image.folder, file.name)).catch(() => undefined);
    if (!info) throw broken(image, `${file.name} is missing`);
    if (info.size !== file.sizeBytes) throw broken(image, `${file.name} has the wrong size`);
    seen.push(`${file.name} ${file.sha256} ${info.mtimeMs} ${info.ino}`);
  }
  const mark = join(image.folder, ".verified");
  const known = await readFile(mark, "utf8").catch(() => "");
  if (known === seen.join("\n")) return;
  for (const file of files) {
    if ((await sha256(join(image.folder, file.name))) !== file.sha256) {
      throw broken(image, `${file.name} has a wrong checksum`);
    }
  }
  // A read-only place (a package's resources) is verified at every start.
  await writeFile(mark, seen.join("\n")).catch(() => undefined);
}

function broken(image: GuestImage, why: string): AppError {
  return new AppError("internal", `The guest image ${image.folder} is damaged: ${why}. Fetch or build it again.`);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

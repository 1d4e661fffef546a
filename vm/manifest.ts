import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Arch } from "./arch.ts";
import type { LockedPackage, Substitution } from "./lock.ts";
import { hashFile } from "./packages.ts";
import { daemonDefaults, kernelCommandLine, suite } from "./recipe.ts";

export interface ImageFile {
  name: string;
  sizeBytes: number;
  sha256: string;
}

/** What `manifest.json` of an image folder says; written by the build, read by the app. */
export interface ImageManifest {
  formatVersion: 1;
  /** sha256 over the files and the kernel's command line: equal images have equal ids. */
  imageId: string;
  arch: Arch;
  suite: string;
  /** Hash of the package lock. */
  createdFrom: string;
  kernelRelease: string;
  kernelCommandLine: string;
  /** dockerd's settings, over which the host lays the user's. */
  daemonDefaults: typeof daemonDefaults;
  /** Image that the guest loads at its first start, and its file in this folder for other engines. */
  helperImage: { name: string; file: string };
  packages: Pick<LockedPackage, "name" | "version" | "sha256">[];
  files: ImageFile[];
  substitutions: Substitution[];
}

export interface ManifestInput {
  arch: Arch;
  outDir: string;
  fileNames: readonly string[];
  createdFrom: string;
  kernelRelease: string;
  helperImage: { name: string; file: string };
  packages: readonly LockedPackage[];
  substitutions: readonly Substitution[];
}

export async function makeManifest(input: ManifestInput): Promise<ImageManifest> {
  const files: ImageFile[] = [];
  for (const name of input.fileNames) files.push(await describeFile(input.outDir, name));
  return {
    formatVersion: 1,
    imageId: imageIdOf(files, kernelCommandLine[input.arch]),
    arch: input.arch,
    suite,
    createdFrom: input.createdFrom,
    kernelRelease: input.kernelRelease,
    kernelCommandLine: kernelCommandLine[input.arch],
    daemonDefaults,
    helperImage: input.helperImage,
    packages: input.packages.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
    files,
    substitutions: [...input.substitutions],
  };
}

export async function describeFile(dir: string, name: string): Promise<ImageFile> {
  const path = join(dir, name);
  return { name, sizeBytes: (await stat(path)).size, sha256: await hashFile(path) };
}

/** The command line counts too: a machine saved under another one must not be resumed. */
export function imageIdOf(files: readonly Pick<ImageFile, "name" | "sha256">[], commandLine: string): string {
  const hash = createHash("sha256").update(`${commandLine}\n`);
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, sha256 } of sorted) hash.update(`${sha256}  ${name}\n`);
  return hash.digest("hex");
}

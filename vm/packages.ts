import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type AptRoot, downloadedBytes } from "./apt-root.ts";
import { ImageBuildError } from "./build-error.ts";
import type { LockedPackage } from "./lock.ts";

/** Where the .deb file of a package lies in the cache: named by its hash, so that a name never lies. */
export function cachedDebPath(cacheDir: string, item: Pick<LockedPackage, "sha256">): string {
  return join(cacheDir, "debs", `${item.sha256}.deb`);
}

export async function isCached(cacheDir: string, item: LockedPackage): Promise<boolean> {
  return access(cachedDebPath(cacheDir, item)).then(
    () => true,
    () => false,
  );
}

export interface FetchProgress {
  donePackages: number;
  totalPackages: number;
  doneBytes: number;
  totalBytes: number;
}

/** Packages asked of apt in one run: few enough that a failure names its neighbourhood, enough to load in parallel. */
const batchSize = 12;

export interface FetchRequest {
  apt: AptRoot;
  cacheDir: string;
  packages: readonly LockedPackage[];
  onProgress?: ((progress: FetchProgress) => void) | undefined;
}

/** Brings all packages into the cache; each file's sha256 is checked against the given one. */
export async function fetchPackages(request: FetchRequest): Promise<void> {
  const { apt, cacheDir, packages, onProgress = () => {} } = request;
  await mkdir(join(cacheDir, "debs"), { recursive: true });
  const missing: LockedPackage[] = [];
  for (const item of packages) if (!(await isCached(cacheDir, item))) missing.push(item);
  const totalBytes = missing.reduce((sum, item) => sum + item.sizeBytes, 0);
  let doneBytes = 0;
  for (let start = 0; start < missing.length; start += batchSize) {
    const batch = missing.slice(start, start + batchSize);
    const report = (arrivedBytes: number) =>
      onProgress({
        donePackages: packages.length - missing.length + start,
        totalPackages: packages.length,
        doneBytes: doneBytes + arrivedBytes,
        totalBytes,
      });
    await fetchBatch(apt, cacheDir, { batch, report });
    doneBytes += batch.reduce((sum, item) => sum + item.sizeBytes, 0);
  }
  onProgress({ donePackages: packages.length, totalPackages: packages.length, doneBytes, totalBytes });
}

interface Batch {
  batch: readonly LockedPackage[];
  report: (arrivedBytes: number) => void;
}

async function fetchBatch(apt: AptRoot, cacheDir: string, { batch, report }: Batch): Promise<void> {
  const incoming = join(cacheDir, `incoming-${process.pid}`);
  await rm(incoming, { recursive: true, force: true });
  report(0);
  // apt says nothing while it downloads quietly; the folder tells how far it is.
  const timer = setInterval(() => void downloadedBytes(incoming).then(report), 250);
  try {
    await apt.download(
      batch.map((item) => `${item.name}=${item.version}`),
      incoming,
    );
    await adoptDownloads(incoming, cacheDir, batch);
  } finally {
    clearInterval(timer);
    await rm(incoming, { recursive: true, force: true });
  }
}

async function adoptDownloads(incoming: string, cacheDir: string, batch: readonly LockedPackage[]): Promise<void> {
  const arrived = new Map<string, string>();
  for (const name of await readdir(incoming)) {
    if (name.endsWith(".deb")) arrived.set(await hashFile(join(incoming, name)), join(incoming, name));
  }
  for (const item of batch) {
    const path = arrived.get(item.sha256);
    if (!path) {
      throw new ImageBuildError(
        `The archive's file of ${item.name} ${item.version} does not have the locked sha256 ${item.sha256}; nothing was built from it.`,
      );
    }
    await rename(path, cachedDebPath(cacheDir, item));
  }
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

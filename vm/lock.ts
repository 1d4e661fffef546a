import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import type { AptStanza } from "./apt-stanzas.ts";
import type { Arch } from "./arch.ts";
import { ImageBuildError } from "./build-error.ts";

/** One pinned package of the guest. */
export interface LockedPackage {
  name: string;
  version: string;
  /** Of the .deb file, hex. */
  sha256: string;
  sizeBytes: number;
  source: string;
}

export interface PackageLock {
  formatVersion: 1;
  suite: string;
  arch: Arch;
  /** Sorted by name. */
  packages: LockedPackage[];
}

/** What a build took instead of a locked package that the archive no longer has. */
export interface Substitution {
  locked: Pick<LockedPackage, "name" | "version">;
  taken: Pick<LockedPackage, "name" | "version">;
}

export function makeLock(suite: string, arch: Arch, packages: readonly LockedPackage[]): PackageLock {
  return { formatVersion: 1, suite, arch, packages: packages.toSorted((a, b) => compare(a.name, b.name)) };
}

/** Gives undefined where no lock has been written yet. */
export async function readLock(path: string): Promise<PackageLock | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  return parseLock(text, path);
}

export async function writeLock(path: string, lock: PackageLock): Promise<void> {
  await writeFile(path, `${JSON.stringify(lock, null, 2)}\n`);
}

/** A lock is repaired by writing it anew, never by guessing what a broken one meant. */
export function parseLock(text: string, path: string): PackageLock {
  const lock = parseJson(text, path) as Partial<PackageLock> | null;
  const whole =
    lock?.formatVersion === 1 &&
    typeof lock.suite === "string" &&
    typeof lock.arch === "string" &&
    Array.isArray(lock.packages) &&
    lock.packages.every(isLockedPackage);
  if (!whole) throw new ImageBuildError(`${path} is not a package lock of format 1. Write it anew with --update-lock.`);
  return lock as PackageLock;
}

/** Names the lock by its content, so that an image says which lock it was made from. */
export function lockHash(lock: PackageLock): string {
  return createHash("sha256").update(JSON.stringify(lock)).digest("hex");
}

/**
 * The packages to build from: the locked ones where the archive or the cache still has them, else the
 * archive's current version of the same name (or of the same kernel line, whose names hold versions).
 */
export function settlePackages(
  lock: PackageLock,
  isAvailable: (locked: LockedPackage) => boolean,
  current: readonly AptStanza[],
): { packages: LockedPackage[]; substitutions: Substitution[] } {
  const substitutions: Substitution[] = [];
  const packages = lock.packages.map((locked) => {
    if (isAvailable(locked)) return locked;
    const taken = current.find((candidate) => slotOf(candidate.name) === slotOf(locked.name));
    if (!taken) {
      throw new ImageBuildError(
        `${locked.name} ${locked.version} is gone from the archive, and ${lock.suite} offers nothing in its place.`,
      );
    }
    substitutions.push({
      locked: { name: locked.name, version: locked.version },
      taken: { name: taken.name, version: taken.version },
    });
    return lockedFrom(taken);
  });
  return { packages, substitutions };
}

export function lockedFrom(stanza: AptStanza): LockedPackage {
  const { name, version, sha256, sizeBytes, source } = stanza;
  return { name, version, sha256, sizeBytes, source };
}

/** `linux-image-6.12.1+deb13-amd64` and its successor are the same thing to us. */
function slotOf(name: string): string {
  return name.replace(/^linux-image-\d[^-]*-/, "linux-image-");
}

function isLockedPackage(value: unknown): value is LockedPackage {
  const item = value as Partial<LockedPackage> | null;
  return (
    typeof item?.name === "string" &&
    typeof item.version === "string" &&
    /^[0-9a-f]{64}$/.test(item.sha256 ?? "") &&
    typeof item.sizeBytes === "number"
  );
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ImageBuildError(`${path} is not JSON. Write it anew with --update-lock.`, { cause });
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

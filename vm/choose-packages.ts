import type { AptRoot } from "./apt-root.ts";
import type { AptStanza } from "./apt-stanzas.ts";
import type { Arch } from "./arch.ts";
import {
  type LockedPackage,
  lockedFrom,
  lockHash,
  makeLock,
  type PackageLock,
  readLock,
  type Substitution,
  settlePackages,
  writeLock,
} from "./lock.ts";
import { isCached } from "./packages.ts";

export interface PackageRequest {
  apt: AptRoot;
  arch: Arch;
  suite: string;
  cacheDir: string;
  lockPath: string;
  /** Ignore the lock, take what the archive has now, and write that down. */
  updateLock: boolean;
  /** The archive's current packages for this purpose; asked only when the lock does not suffice. */
  current: () => Promise<AptStanza[]>;
  /** Called before the package lists are fetched. */
  onUpdate?: () => void;
}

export interface PackageChoice {
  packages: LockedPackage[];
  substitutions: Substitution[];
  lockHash: string;
}

/** The packages to build from. A lock whose files all lie in the cache needs no network at all. */
export async function choosePackages(request: PackageRequest): Promise<PackageChoice> {
  const { apt, cacheDir, lockPath } = request;
  const lock = request.updateLock ? undefined : await readLock(lockPath);
  const cached = lock ? await cachedHashes(cacheDir, lock) : new Set<string>();
  if (lock && cached.size === lock.packages.length) return withoutSubstitutions(lock);
  request.onUpdate?.();
  await apt.update();
  const current = await request.current();
  if (!lock) {
    const fresh = makeLock(request.suite, request.arch, current.map(lockedFrom));
    await writeLock(lockPath, fresh);
    return withoutSubstitutions(fresh);
  }
  const offered = await apt.lookUp(lock.packages.map((item) => item.name));
  const offeredHashes = new Set(offered.map((item) => item.sha256));
  const isAvailable = (item: LockedPackage) => cached.has(item.sha256) || offeredHashes.has(item.sha256);
  return { ...settlePackages(lock, isAvailable, current), lockHash: lockHash(lock) };
}

function withoutSubstitutions(lock: PackageLock): PackageChoice {
  return { packages: lock.packages, substitutions: [], lockHash: lockHash(lock) };
}

async function cachedHashes(cacheDir: string, lock: PackageLock): Promise<Set<string>> {
  const found = new Set<string>();
  for (const item of lock.packages) if (await isCached(cacheDir, item)) found.add(item.sha256);
  return found;
}

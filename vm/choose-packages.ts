import { join } from 'node:path';
import type { AptRoot } from './apt-root.ts';
import type { AptStanza } from './apt-stanzas.ts';
import type { BuildOptions, BuildProgress } from './build-image.ts';
import { ImageBuildError } from './build-error.ts';
import { type LockedPackage, type PackageLock, type Substitution, lockHash, lockedFrom, makeLock, readLock, settlePackages, writeLock } from './lock.ts';
import { isCached } from './packages.ts';
import { kernelMetaPackage, rootPackages, suite } from './recipe.ts';

export interface PackageChoice {
  packages: LockedPackage[];
  substitutions: Substitution[];
  lockHash: string;
}

/** The packages to build from. A lock whose files all lie in the cache needs no network at all. */
export async function choosePackages(
  apt: AptRoot,
  options: Pick<BuildOptions, 'arch' | 'cacheDir' | 'updateLock'>,
  tell: (progress: BuildProgress) => void,
): Promise<PackageChoice> {
  const path = join(import.meta.dirname, `packages.${options.arch}.lock.json`);
  const lock = options.updateLock ? undefined : await readLock(path);
  const cached = lock ? await cachedHashes(options.cacheDir, lock) : new Set<string>();
  if (lock && cached.size === lock.packages.length) {
    return { packages: lock.packages, substitutions: [], lockHash: lockHash(lock) };
  }
  tell({ step: 'lists', text: `Fetching the package lists of ${suite}` });
  await apt.update();
  const current = await currentPackages(apt, options.arch);
  if (!lock) {
    const fresh = makeLock(suite, options.arch, current.map(lockedFrom));
    await writeLock(path, fresh);
    return { packages: fresh.packages, substitutions: [], lockHash: lockHash(fresh) };
  }
  const offered = await apt.lookUp(lock.packages.map((item) => item.name));
  const offeredHashes = new Set(offered.map((item) => item.sha256));
  const isAvailable = (item: LockedPackage) => cached.has(item.sha256) || offeredHashes.has(item.sha256);
  return { ...settlePackages(lock, isAvailable, current), lockHash: lockHash(lock) };
}

async function cachedHashes(cacheDir: string, lock: PackageLock): Promise<Set<string>> {
  const found = new Set<string>();
  for (const item of lock.packages) if (await isCached(cacheDir, item)) found.add(item.sha256);
  return found;
}

/** The archive's newest version of every package of the recipe, the kernel among them. */
async function currentPackages(apt: AptRoot, arch: BuildOptions['arch']): Promise<AptStanza[]> {
  const meta = (await apt.lookUp([kernelMetaPackage[arch]]))[0];
  const kernelName = /linux-image-\S+/.exec(meta?.depends ?? '')?.[0]?.replace(/,$/, '');
  if (!kernelName) throw new ImageBuildError(`${suite} names no kernel in ${kernelMetaPackage[arch]}.`);
  const names = [...rootPackages, kernelName];
  const newest = new Map<string, AptStanza>();
  // `apt-cache show` lists a name's newest version first.
  for (const stanza of await apt.lookUp(names)) if (!newest.has(stanza.name)) newest.set(stanza.name, stanza);
  return names.map((name) => {
    const stanza = newest.get(name);
    if (!stanza) throw new ImageBuildError(`${suite} has no package ${name} for ${arch}.`);
    return stanza;
  });
}

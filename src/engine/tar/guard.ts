import { ArchiveError, type TarEntry } from "./entry.ts";

/** Limits of what one archive may unpack to; the ratio counts only beyond `ratioFromBytes`. */
export interface GuardLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly maxRatio: number;
  readonly ratioFromBytes: number;
}

/** Wide enough for every honest volume: a sparse gigabyte of zeros shrinks 30,000-fold and is below the ratio's start. */
export const defaultLimits: GuardLimits = {
  maxEntries: 10_000_000,
  maxBytes: 16 * 1024 ** 4,
  maxRatio: 2000,
  ratioFromBytes: 4 * 1024 ** 3,
};

/** The linux limits (NAME_MAX, PATH_MAX). */
const maxNameBytes = 255;
const maxPathBytes = 4095;

const slash = 0x2f;

function shown(name: Buffer): string {
  return JSON.stringify(name.toString("utf8").slice(0, 200));
}

/** The names of a path, in latin1 so that each byte is one character; undefined where the path leaves its root. */
function partsOf(path: Buffer): string[] | undefined {
  const parts: string[] = [];
  for (const part of path.toString("latin1").split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") return undefined;
    parts.push(part);
  }
  return parts;
}

/** True where a link at `at` leads out of the root, or is absolute. */
function leavesRoot(target: Buffer, at: readonly string[]): boolean {
  if (target[0] === slash) return true;
  let depth = at.length - 1;
  for (const part of target.toString("latin1").split("/")) {
    if (part === "" || part === ".") continue;
    depth += part === ".." ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}

/**
 * Decides entry by entry what of an archive may be unpacked, and gives each accepted entry a clean relative name. What
 * lies behind a link of the same archive is refused, so that no link can move a later file out of the root.
 */
export class ArchiveGuard {
  readonly #limits: GuardLimits;
  readonly #keepOutsideLinks: boolean;
  readonly #links = new Set<string>();
  readonly #files = new Set<string>();
  #entries = 0;
  #bytes = 0;
  readonly outsideLinks: string[] = [];

  constructor({ keepOutsideLinks, limits = defaultLimits }: { keepOutsideLinks: boolean; limits?: GuardLimits }) {
    this.#keepOutsideLinks = keepOutsideLinks;
    this.#limits = limits;
  }

  get entries(): number {
    return this.#entries;
  }

  get sizeBytes(): number {
    return this.#bytes;
  }

  /** The entry under its clean name ("" for the root). Errors: ArchiveError with the entry's name. */
  admit(entry: TarEntry, readBytes: number): TarEntry {
    this.#count(entry, readBytes);
    const path = this.#checkedPath(entry);
    if (entry.type === "char" || entry.type === "block") {
      throw new ArchiveError(`The archive holds a device (${shown(entry.name)}), which is not unpacked into a volume.`);
    }
    const joined = path.join("/");
    // A folder or a file that takes the place of a link ends the link.
    this.#links.delete(joined);
    if (entry.type === "symlink") this.#admitSymlink(entry, path);
    if (entry.type === "hardlink") return this.#admitHardlink(entry, joined);
    if (entry.type === "file") this.#files.add(joined);
    return { ...entry, name: Buffer.from(joined, "latin1") };
  }

  #count(entry: TarEntry, readBytes: number): void {
    this.#entries += 1;
    this.#bytes += entry.sizeBytes;
    const { maxEntries, maxBytes, maxRatio, ratioFromBytes } = this.#limits;
    if (this.#entries > maxEntries || this.#bytes > maxBytes) {
      throw new ArchiveError("The archive unpacks to more than a volume can sensibly hold. It was not unpacked.");
    }
    if (this.#bytes > ratioFromBytes && this.#bytes > readBytes * maxRatio) {
      throw new ArchiveError(
        "The archive unpacks to more than 2,000 times its size, as only a trap does. It was not unpacked.",
      );
    }
  }

  #checkedPath({ name }: TarEntry): string[] {
    const path = partsOf(name);
    if (name.includes(0)) throw new ArchiveError(`The archive holds a name with a NUL (${shown(name)}).`);
    if (name[0] === slash || /^[A-Za-z]:[\\/]/.test(name.toString("latin1", 0, 3))) {
      throw new ArchiveError(`The archive holds an absolute path (${shown(name)}). It was not unpacked.`);
    }
    if (!path)
      throw new ArchiveError(`The archive holds a path that leaves the volume (${shown(name)}). It was not unpacked.`);
    if (path.some((part) => part.length > maxNameBytes) || name.length > maxPathBytes) {
      throw new ArchiveError(`The archive holds a name that is too long for a file system (${shown(name)}).`);
    }
    for (let depth = 1; depth < path.length; depth += 1) {
      if (this.#links.has(path.slice(0, depth).join("/"))) {
        throw new ArchiveError(`The archive puts ${shown(name)} behind a link. It was not unpacked.`);
      }
    }
    return path;
  }

  #admitSymlink(entry: TarEntry, path: readonly string[]): void {
    if (path.length === 0) throw new ArchiveError("The archive's root is a link. It was not unpacked.");
    if (entry.linkName.includes(0))
      throw new ArchiveError(`The archive holds a link with a NUL (${shown(entry.name)}).`);
    this.#links.add(path.join("/"));
    if (!leavesRoot(entry.linkName, path)) return;
    this.outsideLinks.push(`${path.join("/")} → ${entry.linkName.toString("utf8")}`);
    if (this.#keepOutsideLinks) return;
    throw new ArchiveError(
      `The archive holds a link that leads out of the volume (${shown(entry.name)} to ${shown(entry.linkName)}).`,
    );
  }

  #admitHardlink(entry: TarEntry, joined: string): TarEntry {
    const target = partsOf(entry.linkName)?.join("/");
    if (target === undefined || entry.linkName[0] === slash || !this.#files.has(target)) {
      throw new ArchiveError(
        `The archive holds a hard link to something outside of it (${shown(entry.name)} to ${shown(entry.linkName)}).`,
      );
    }
    this.#files.add(joined);
    return { ...entry, name: Buffer.from(joined, "latin1"), linkName: Buffer.from(target, "latin1") };
  }
}

import { lstat, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ImageBuildError } from "./build-error.ts";
import { neededLibraries } from "./elf-needed.ts";

/** Every shared library that a program of the tree asks for must be in the tree: no package manager saw to it. */
export async function checkLibraries(tree: string): Promise<void> {
  const present = new Set<string>();
  const missing = new Map<string, string>();
  const entries = await readdir(join(tree, "usr"), { recursive: true, withFileTypes: true });
  for (const entry of entries) if (entry.name.includes(".so")) present.add(entry.name);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    for (const library of await librariesOf(path)) {
      if (!present.has(library)) missing.set(library, path.slice(tree.length));
    }
  }
  if (missing.size === 0) return;
  const list = [...missing].map(([library, user]) => `${library} (for ${user})`).toSorted();
  throw new ImageBuildError(`The guest lacks shared libraries; add their packages to vm/recipe.ts: ${list.join(", ")}`);
}

async function librariesOf(path: string): Promise<string[]> {
  const { size } = await lstat(path);
  if (size < 64) return [];
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer.readUInt32BE(0) !== 0x7f454c46) return [];
  } finally {
    await file.close();
  }
  return neededLibraries(await readFile(path));
}

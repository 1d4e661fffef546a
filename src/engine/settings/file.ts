import { readFileSync } from "node:fs";
import { copyFile, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** The text of a small file, or undefined where there is none. Read at once: a start waits longer for a thread. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces a file so that a crash or a full disk leaves the old or the new text, never a part; keeps the old as `.bak`. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  const handle = await open(temporary, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if ((await readIfThere(path)) !== undefined) await copyFile(path, `${path}.bak`);
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

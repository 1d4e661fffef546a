import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { HostFile, LongshoreHandlers } from "#contract";
import { absolutePath, toFileError } from "../images/archive-file.ts";

const maxEntries = 5_000;

async function describe(folder: string, name: string): Promise<HostFile> {
  const stats = await stat(join(folder, name)).catch(() => undefined);
  const kind = stats?.isDirectory() ? "directory" : stats?.isFile() ? "file" : "other";
  return { name, kind, sizeBytes: stats?.size ?? 0, modifiedAt: Math.round(stats?.mtimeMs ?? 0) };
}

function inOrder(a: HostFile, b: HostFile): number {
  return Number(b.kind === "directory") - Number(a.kind === "directory") || a.name.localeCompare(b.name, "en");
}

/** Handlers of `hostFiles`. */
export function hostFileHandlers(): LongshoreHandlers["hostFiles"] {
  return {
    list: async ({ path: asked }) => {
      const path = absolutePath(asked ?? homedir());
      try {
        const names = await readdir(path);
        const entries = await Promise.all(names.slice(0, maxEntries).map((name) => describe(path, name)));
        const parent = dirname(path);
        const truncated = names.length > maxEntries;
        return { path, entries: entries.sort(inOrder), truncated, ...(parent === path ? {} : { parent }) };
      } catch (error) {
        throw toFileError(error, path);
      }
    },
  };
}

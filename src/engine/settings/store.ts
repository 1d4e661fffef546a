import { rename } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "#contract/errors.ts";
import type { Settings, SettingsSnapshot } from "#contract/settings.ts";
import { readIfThere, replaceFile } from "./file.ts";
import { defaultSettings, type ParsedSettings, parseSettings, settingsVersion } from "./parse.ts";

/** The settings of one home folder. */
export interface SettingsStore {
  readonly snapshot: SettingsSnapshot;
  /** Writes before it answers. Errors: conflict (read-only), unavailable (not written; the old values stay). */
  update(changes: { readonly [K in keyof Settings]?: Settings[K] | undefined }): Promise<SettingsSnapshot>;
  /** Called after each change; returns the function that ends it. */
  subscribe(listener: (snapshot: SettingsSnapshot) => void): () => void;
}

async function load(path: string): Promise<ParsedSettings> {
  const text = await readIfThere(path);
  const fresh = { settings: defaultSettings(), stored: {}, notices: [], readOnly: false };
  if (text === undefined) return fresh;
  try {
    return parseSettings(text);
  } catch {
    const quarantine = `${path}.damaged-${Date.now()}`;
    await rename(path, quarantine);
    const notice = `The settings file could not be read. It is kept as ${quarantine}.`;
    const backup = await readIfThere(`${path}.bak`);
    try {
      if (backup === undefined) return { ...fresh, notices: [`${notice} The defaults are used.`] };
      const parsed = parseSettings(backup);
      return { ...parsed, notices: [`${notice} The version before it is used.`, ...parsed.notices] };
    } catch {
      return { ...fresh, notices: [`${notice} The defaults are used.`] };
    }
  }
}

/** Opens `HOME/settings.json`. A damaged file is set aside and its `.bak` tried; nothing is thrown away. */
export async function openSettings(home: string): Promise<SettingsStore> {
  const path = join(home, "settings.json");
  const loaded = await load(path);
  const listeners = new Set<(snapshot: SettingsSnapshot) => void>();
  let snapshot: SettingsSnapshot = {
    settings: loaded.settings,
    notices: [...loaded.notices],
    readOnly: loaded.readOnly,
  };
  let queue: Promise<unknown> = Promise.resolve();

  async function write(changes: Record<string, unknown>): Promise<SettingsSnapshot> {
    const settings: Settings = { ...snapshot.settings, ...changes };
    const text = `${JSON.stringify({ ...loaded.stored, ...settings, version: settingsVersion }, null, 2)}\n`;
    try {
      await replaceFile(path, text);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AppError("unavailable", `The settings could not be saved (${reason}); the old ones stay in force.`, {
        cause,
      });
    }
    snapshot = { ...snapshot, settings };
    for (const listener of listeners) listener(snapshot);
    return snapshot;
  }

  return {
    get snapshot() {
      return snapshot;
    },
    async update(changes) {
      if (loaded.readOnly) {
        throw new AppError(
          "conflict",
          "The settings were written by a newer Longshore and cannot be changed by this one.",
        );
      }
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const next = queue.then(() => write(given));
      queue = next.catch(() => {});
      return await next;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

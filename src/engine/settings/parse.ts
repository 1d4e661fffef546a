import { type Settings, settingsSchema } from "#contract/settings.ts";

/** Raised when the meaning of a stored setting changes; older files are then migrated here. */
export const settingsVersion = 1;

export interface ParsedSettings {
  readonly settings: Settings;
  /** All that the file held, so that keys of other versions are written back as they were. */
  readonly stored: Record<string, unknown>;
  readonly notices: readonly string[];
  readonly readOnly: boolean;
}

/** What a fresh installation starts with. */
export function defaultSettings(): Settings {
  return settingsSchema.parse({});
}

/** Reads the text of a settings file: a bad value falls back to its default and is named. Throws where it is no JSON object. */
export function parseSettings(text: string): ParsedSettings {
  const stored: unknown = JSON.parse(text);
  if (typeof stored !== "object" || stored === null || Array.isArray(stored)) throw new TypeError("not a JSON object");
  const entries = new Map(Object.entries(stored));
  const notices: string[] = [];
  const valid: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(settingsSchema.shape)) {
    const parsed = schema.safeParse(entries.get(key));
    if (parsed.success) valid[key] = parsed.data;
    else notices.push(`The setting "${key}" had a value that Longshore does not know; its default is used.`);
  }
  const version = entries.get("version");
  const readOnly = typeof version === "number" && version > settingsVersion;
  if (readOnly) notices.push("The settings were written by a newer Longshore; they are shown but not changed.");
  return { settings: settingsSchema.parse(valid), stored: Object.fromEntries(entries), notices, readOnly };
}

import { z } from "zod";
import { engineChoice } from "./engine-state.ts";
import { nothing } from "./lists.ts";
import { call, stream } from "./rpc/procedure.ts";

/** Everything a user can set, with its default. A new setting is one line here. */
export const settingsSchema = z.object({
  theme: z.enum(["system", "light", "dark"]).default("system"),
  density: z.enum(["comfortable", "compact"]).default("comfortable"),
  /** Keys like `/` and `?` without a modifier. */
  singleKeyShortcuts: z.boolean().default(true),
  engine: engineChoice.default("auto"),
  /** Days that a removed volume stays in the trash. */
  trashDays: z.int().min(1).max(365).default(7),
  sidebarCollapsed: z.boolean().default(false),
  /** Ids of the columns that a list hides, by the name of the list; a list that is not named has its own default. */
  hiddenColumns: z.record(z.string().max(64), z.array(z.string().max(64)).max(64)).default({}),
  /** How the log view shows lines. */
  logTimestamps: z.enum(["off", "relative", "local", "utc"]).default("off"),
  logWrap: z.boolean().default(true),
  logStreams: z.enum(["both", "stdout", "stderr"]).default("both"),
  logFoldTraces: z.boolean().default(true),
  logHistogram: z.boolean().default(true),
  /** Memory for log lines over all open views; the oldest go first. */
  logMemoryMiB: z.int().min(64).max(8192).default(512),
  /** Disk for kept logs, under the home folder; the oldest go first. 0 keeps nothing. */
  keptLogsMiB: z.int().min(0).max(1_048_576).default(1024),
  /** Follows all running containers in the background, so that nothing is lost that a view did not read. */
  keepAllLogs: z.boolean().default(false),
});

export type Settings = z.infer<typeof settingsSchema>;

type WithoutDefaults<S> = { [K in keyof S]: S[K] extends z.ZodDefault<infer Value> ? z.ZodOptional<Value> : never };

/** Some of the settings. A default here would fill in what a change does not name, and so undo every other setting. */
function optionalFields<S extends Record<string, z.ZodDefault<z.ZodType>>>(shape: S): WithoutDefaults<S> {
  const fields = Object.entries(shape).map(([name, field]) => [name, field.unwrap().optional()]);
  // Built field by field from the shape, which is what the type says; the compiler cannot follow that.
  return Object.fromEntries(fields) as WithoutDefaults<S>;
}

const settingsChanges = z.object(optionalFields(settingsSchema.shape));

export type SettingsChanges = z.infer<typeof settingsChanges>;

/** Settings with what their store has to say about them, for example that the file was damaged and set aside. */
export const settingsSnapshot = z.object({
  settings: settingsSchema,
  notices: z.array(z.string()),
  /** Written by a newer version: shown, but not changed. */
  readOnly: z.boolean(),
});

export type SettingsSnapshot = z.infer<typeof settingsSnapshot>;

export const settings = {
  watch: stream(nothing, settingsSnapshot),
  /** Errors: conflict where the file is read-only, internal where it cannot be written (the old values stay). */
  update: call(z.object({ changes: settingsChanges }), settingsSnapshot),
} as const;

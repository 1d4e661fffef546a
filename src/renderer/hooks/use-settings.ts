import { useCallback } from "react";
import { type SettingsChanges, type SettingsSnapshot, settingsSchema } from "#contract";
import { client } from "../lib/client.ts";
import { reportError } from "../lib/notify.ts";
import { queryClient } from "../lib/query-client.ts";
import { settingsSource } from "../lib/sources.ts";
import { useLiveValue } from "./use-live.ts";

const defaults: SettingsSnapshot = { settings: settingsSchema.parse({}), notices: [], readOnly: false };

export function useSettings(): SettingsSnapshot {
  return useLiveValue(settingsSource) ?? defaults;
}

/** Shows the change at once; the engine's answer (or the old values, where it refuses) replaces it. */
export async function changeSettings(changes: SettingsChanges): Promise<void> {
  const before = queryClient.getQueryData<SettingsSnapshot>(settingsSource.key) ?? defaults;
  queryClient.setQueryData(settingsSource.key, { ...before, settings: { ...before.settings, ...changes } });
  try {
    queryClient.setQueryData(settingsSource.key, await client.settings.update({ changes }));
  } catch (error) {
    queryClient.setQueryData(settingsSource.key, before);
    reportError(error);
  }
}

export function useChangeSettings(): (changes: SettingsChanges) => void {
  return useCallback((changes) => void changeSettings(changes), []);
}

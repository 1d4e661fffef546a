import { useCallback, useMemo } from "react";
import { create } from "zustand";
import { type SettingsChanges, type SettingsSnapshot, settingsSchema } from "#contract";
import { client } from "../lib/client.ts";
import { reportError } from "../lib/notify.ts";
import { queryClient } from "../lib/query-client.ts";
import { settingsSource } from "../lib/sources.ts";
import { useLiveValue } from "./use-live.ts";

const defaults: SettingsSnapshot = { settings: settingsSchema.parse({}), notices: [], readOnly: false };

/** Changes that the engine has not answered yet, in their order: the answer to one must not undo the next. */
const useUnderWay = create<{ readonly changes: readonly SettingsChanges[] }>(() => ({ changes: [] }));

/** As the engine has them, with what was changed here meanwhile; undefined before the engine has told them. */
export function useToldSettings(): SettingsSnapshot | undefined {
  const told = useLiveValue(settingsSource);
  const { changes } = useUnderWay();
  return useMemo(
    () => told && (changes.length === 0 ? told : { ...told, settings: Object.assign({}, told.settings, ...changes) }),
    [told, changes],
  );
}

export function useSettings(): SettingsSnapshot {
  return useToldSettings() ?? defaults;
}

/** Shows the change at once; the engine's answer (or the old values, where it refuses) replaces it. */
export async function changeSettings(changes: SettingsChanges): Promise<void> {
  useUnderWay.setState((before) => ({ changes: [...before.changes, changes] }));
  try {
    queryClient.setQueryData(settingsSource.key, await client.settings.update({ changes }));
  } catch (error) {
    reportError(error);
  } finally {
    useUnderWay.setState((before) => ({ changes: before.changes.filter((one) => one !== changes) }));
  }
}

export function useChangeSettings(): (changes: SettingsChanges) => void {
  return useCallback((changes) => void changeSettings(changes), []);
}

import type { LongshoreHandlers } from "#contract";
import { Cell } from "../cell.ts";
import type { SettingsStore } from "../settings/store.ts";

/** Handlers of `settings`. */
export function settingsHandlers(store: SettingsStore): LongshoreHandlers["settings"] {
  const current = new Cell(store.snapshot);
  store.subscribe((snapshot) => current.set(snapshot));
  return {
    watch: (_input, signal) => current.watch(signal),
    update: ({ changes }) => store.update(changes),
  };
}

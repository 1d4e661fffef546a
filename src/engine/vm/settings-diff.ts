import type { MachineSettings, SettingChange } from "#contract/machine.ts";

type Effect = SettingChange["effect"];

/** What it takes to apply a change of each setting while the machine runs. */
const effects: Record<keyof MachineSettings, Effect> = {
  cpus: "restart",
  memoryBytes: "restart",
  diskBytes: "now",
  sharedFolders: "restart",
  accelerator: "restart",
  driver: "restart",
  hostAccess: "restart",
  proxy: "restart",
  dns: "restart",
  idleMinutes: "now",
  dockerContext: "now",
  imageId: "restart",
  onQuit: "now",
};

/** The changes from one set of settings to another, in words, with what each takes. Pure. */
export function diffSettings(from: MachineSettings, to: MachineSettings): SettingChange[] {
  const names = Object.keys(effects) as (keyof MachineSettings)[]; // The record above has exactly these keys.
  return names.flatMap((setting) => {
    const [before, after] = [describe(setting, from), describe(setting, to)];
    if (before === after) return [];
    const shrinks = setting === "diskBytes" && to.diskBytes < from.diskBytes;
    return [{ setting, from: before, to: after, effect: shrinks ? "copy-disk" : effects[setting] }];
  });
}

/** True where a running machine has to be restarted for these changes. */
export function needsRestart(changes: readonly SettingChange[]): boolean {
  return changes.some((change) => change.effect !== "now");
}

function describe(setting: keyof MachineSettings, settings: MachineSettings): string {
  switch (setting) {
    case "memoryBytes":
    case "diskBytes":
      return `${+(settings[setting] / 2 ** 30).toFixed(2)} GiB`;
    case "sharedFolders": {
      const folders = settings.sharedFolders.map(({ path, readOnly }) => (readOnly ? `${path} (read-only)` : path));
      return folders.length === 0 ? "none" : folders.join(", ");
    }
    case "proxy": {
      const { proxy } = settings;
      return proxy.mode === "manual" ? `http ${proxy.http}, https ${proxy.https}, none for ${proxy.no}` : proxy.mode;
    }
    case "dns":
      return settings.dns.length === 0 ? "the host's" : settings.dns.join(", ");
    case "imageId":
      return settings.imageId ?? "newest";
    case "hostAccess":
    case "dockerContext":
      return settings[setting] ? "on" : "off";
    case "idleMinutes":
      return settings.idleMinutes === 0 ? "never" : `${settings.idleMinutes} minutes`;
    case "onQuit":
    case "cpus":
    case "accelerator":
    case "driver":
      return String(settings[setting]);
  }
}

export type { HostAbilities } from "./api/app.ts";
export { createEngine, type Engine } from "./engine.ts";
export type { EngineOptions } from "./engine-options.ts";
export { prepareHome, resolveHome } from "./home.ts";
export { type InstanceLock, lockHome } from "./instance-lock.ts";
export { type Log, openLog } from "./log.ts";
export { type AppOptions, parseOptions } from "./options.ts";
export type { SecretBox } from "./registries/credential-vault.ts";
export { openSettings, type SettingsStore } from "./settings/store.ts";

import type { HostAbilities } from "./api/app.ts";
import type { Log } from "./log.ts";

export interface EngineOptions {
  /** The folder that holds all state; it exists and is locked for this process. */
  readonly home: string;
  /** `--engine`: goes before the setting for as long as this process runs. */
  readonly choice?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Version of Longshore. */
  readonly version: string;
  readonly host: HostAbilities;
  readonly log: Log;
}

/** Areas whose handlers the hosts themselves use, from the start on. */
export type HostArea = "engine" | "settings";

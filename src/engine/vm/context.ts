import type { MachineRuntime } from "#contract/machine.ts";
import type { DiskStore } from "./disk/disk-store.ts";
import type { Driver, Guest } from "./driver.ts";
import type { GuestCommands } from "./guest/guest-commands.ts";
import type { MachineKeys } from "./guest/ssh-keys.ts";
import type { ImageSource } from "./image-store.ts";
import type { MachinePaths } from "./paths.ts";
import type { RecordStore } from "./record.ts";
import type { DockerHttp } from "./socket/docker-http.ts";
import type { StateStore } from "./state-store.ts";

/** The log port of the app; a part of it, so that any logger fits. */
export interface MachineLog {
  info(message: string, facts?: Record<string, unknown>): void;
  warn(message: string, facts?: Record<string, unknown>): void;
}

/** What the parts of the machine share. One object a machine, wired in `createMachine`. */
export interface MachineContext {
  readonly paths: MachinePaths;
  readonly env: NodeJS.ProcessEnv;
  readonly log: MachineLog;
  readonly arch: "amd64" | "arm64";
  readonly images: ImageSource;
  readonly provideHypervisor: ((report: (text: string) => void, signal: AbortSignal) => Promise<void>) | undefined;
  readonly store: StateStore;
  readonly record: RecordStore;
  readonly disks: DiskStore;
  /** Keys of the machine; new ones after a repair of the network. */
  keys(): Promise<MachineKeys>;
  /** The driver for the present settings, with the reason of the choice. */
  driver(signal: AbortSignal): Promise<{ readonly driver: Driver; readonly reason: string }>;
}

/** A guest that answers, with the ways to talk to it. */
export interface LiveMachine {
  readonly guest: Guest;
  readonly docker: DockerHttp;
  readonly commands: GuestCommands;
  readonly runtime: MachineRuntime;
  readonly diskId: string;
}

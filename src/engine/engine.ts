import { homedir } from "node:os";
import { join } from "node:path";
import type { LongshoreHandlers } from "#contract";
import { appHandlers, type HostAbilities } from "./api/app.ts";
import { buildHandlers } from "./api/builds.ts";
import { containerHandlers } from "./api/containers.ts";
import { engineHandlers } from "./api/engine.ts";
import { fileHandlers } from "./api/files.ts";
import { hostFileHandlers } from "./api/host-files.ts";
import { imageHandlers } from "./api/images.ts";
import { logHandlers } from "./api/logs.ts";
import { machineHandlers } from "./api/machine.ts";
import { networkHandlers } from "./api/networks.ts";
import { registryHandlers } from "./api/registries.ts";
import { settingsHandlers } from "./api/settings.ts";
import { taskHandlers } from "./api/tasks.ts";
import { volumeHandlers } from "./api/volumes.ts";
import { Builds } from "./builds/builds.ts";
import { BuildHistory } from "./builds/history.ts";
import { EngineConnection } from "./docker/connection.ts";
import { containerList } from "./docker/containers.ts";
import { type Choice, configFolder, type Surroundings } from "./docker/endpoint.ts";
import { LiveList } from "./docker/live-list.ts";
import type { Log } from "./log.ts";
import { BackgroundKeeper } from "./logs/kept/background-keeper.ts";
import { containerNames } from "./logs/kept/container-names.ts";
import { LogWorker } from "./logs/log-worker-client.ts";
import { EmbeddedEngine } from "./machine.ts";
import { CredentialVault } from "./registries/credential-vault.ts";
import { Credentials } from "./registries/credentials.ts";
import { openSettings, type SettingsStore } from "./settings/store.ts";
import { TaskHub } from "./tasks/hub.ts";
import { openVolumes } from "./volumes/open-volumes.ts";
import { Uploads } from "./volumes/uploads.ts";

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

/** Everything behind the contract. */
export interface Engine {
  readonly handlers: LongshoreHandlers;
  /** Ends all connections; streams that are still open end with them. */
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;

/** The option for the whole run; else the setting, followed as it changes. */
function chosenBy(option: string | undefined, settings: SettingsStore): Choice {
  if (option !== undefined) return { value: option, source: "option" };
  return { value: settings.snapshot.settings.engine, source: "setting" };
}

function logStates(connection: EngineConnection, log: Log, signal: AbortSignal): void {
  void (async () => {
    let last = "";
    for await (const state of connection.state.watch(signal)) {
      const why = "why" in state ? state.why : "";
      // Every retry sets the state anew; the log holds each reason once.
      if (last === state.status + why) continue;
      last = state.status + why;
      log.info(`engine ${state.status}`, { why, host: state.endpoint?.host });
    }
  })();
}

/** Composes the engine: settings, the connection, and a handler for each procedure of the contract. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { home, choice, env, log } = options;
  const settings = await openSettings(home);
  const tasks = await TaskHub.open(home, log);
  const machine = new EmbeddedEngine({ home, env, log });
  const around: Surroundings = { env, userHome: homedir(), platform: process.platform, machine: machine.source };
  const connection = new EngineConnection(chosenBy(choice, settings), around);
  const choose = (): void => {
    const chosen = chosenBy(choice, settings);
    machine.chosen(chosen.value);
    connection.choose(chosen);
  };
  choose();
  const unsubscribe = settings.subscribe(choose);
  const closed = new AbortController();
  logStates(connection, log, closed.signal);
  const dockerFolder = configFolder(around);
  const vault = new CredentialVault(home, options.host.secrets);
  const credentials = new Credentials({ vault, dockerFolder, env });
  const volumes = await openVolumes({ home, connection, tasks, settings, log });
  const uploads = new Uploads(volumes.space);
  const logWorker = new LogWorker(join(home, "kept-logs"));
  const logKeeper = new BackgroundKeeper(connection, logWorker);
  const setLogs = (): void => {
    const { logMemoryMiB, keptLogsMiB, keepAllLogs } = settings.snapshot.settings;
    logWorker.limitMemory(logMemoryMiB * mebibyte);
    logWorker.limitDisk(keptLogsMiB * mebibyte);
    logKeeper.switch(keepAllLogs && keptLogsMiB > 0);
  };
  setLogs();
  const unsetLogs = settings.subscribe(setLogs);
  const containers = new LiveList(connection, containerList);
  const handlers: LongshoreHandlers = {
    app: appHandlers(options),
    builds: buildHandlers(new Builds({ connection, hub: tasks, credentials, history: new BuildHistory(home) })),
    containers: containerHandlers(connection, { list: containers, volumes: volumes.space }),
    engine: engineHandlers(connection, around),
    files: fileHandlers(volumes.space, uploads),
    hostFiles: hostFileHandlers(),
    images: imageHandlers({ connection, hub: tasks, credentials }),
    logs: logHandlers(connection, logWorker, (signal) => containerNames(containers, signal)),
    machine: machineHandlers(machine.opened),
    networks: networkHandlers(connection, volumes.space.helpers),
    registries: registryHandlers({ home, connection, credentials, certificateFolders: [dockerFolder, "/etc/docker"] }),
    settings: settingsHandlers(settings),
    tasks: taskHandlers(tasks),
    volumes: volumeHandlers(volumes.space),
  };
  return {
    handlers,
    async close() {
      unsubscribe();
      unsetLogs();
      logKeeper.switch(false);
      closed.abort();
      await logWorker.close();
      await tasks.close();
      await uploads.close();
      await volumes.close();
      await connection.close();
      await machine.close();
    },
  };
}

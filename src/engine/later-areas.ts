import { join } from "node:path";
import type { ContainerSummary, LongshoreContract, LongshoreHandlers } from "#contract";
import { app } from "#contract/app.ts";
import { builds } from "#contract/builds.ts";
import { containers } from "#contract/containers.ts";
import { engine } from "#contract/engine-state.ts";
import { files } from "#contract/files.ts";
import { hostFiles } from "#contract/host-files.ts";
import { images } from "#contract/images.ts";
import { logs } from "#contract/logs.ts";
import { machine } from "#contract/machine.ts";
import { networks } from "#contract/networks.ts";
import { registries } from "#contract/registries.ts";
import type { ServedArea } from "#contract/rpc/procedure.ts";
import { settings } from "#contract/settings.ts";
import { tasks } from "#contract/tasks.ts";
import { volumes } from "#contract/volumes.ts";
import { appHandlers } from "./api/app.ts";
import { buildHandlers } from "./api/builds.ts";
import { containerHandlers } from "./api/containers.ts";
import { fileHandlers } from "./api/files.ts";
import { hostFileHandlers } from "./api/host-files.ts";
import { imageHandlers } from "./api/images.ts";
import { logHandlers } from "./api/logs.ts";
import { machineHandlers } from "./api/machine.ts";
import { networkHandlers } from "./api/networks.ts";
import { registryHandlers } from "./api/registries.ts";
import { taskHandlers } from "./api/tasks.ts";
import { volumeHandlers } from "./api/volumes.ts";
import { Builds } from "./builds/builds.ts";
import { BuildHistory } from "./builds/history.ts";
import type { EngineConnection } from "./docker/connection.ts";
import type { LiveList } from "./docker/live-list.ts";
import type { EngineOptions, HostArea } from "./engine-options.ts";
import type { LateMachine } from "./late-machine.ts";
import { BackgroundKeeper } from "./logs/kept/background-keeper.ts";
import { containerNames } from "./logs/kept/container-names.ts";
import { LogWorker } from "./logs/log-worker-client.ts";
import { EmbeddedEngine } from "./machine.ts";
import { CredentialVault } from "./registries/credential-vault.ts";
import { Credentials } from "./registries/credentials.ts";
import type { SettingsStore } from "./settings/store.ts";
import { TaskHub } from "./tasks/hub.ts";
import { openVolumes } from "./volumes/open-volumes.ts";
import { Uploads } from "./volumes/uploads.ts";

/** What is there already. */
interface Parts extends EngineOptions {
  readonly handlers: Pick<LongshoreHandlers, HostArea>;
  readonly store: SettingsStore;
  /** The engine that is chosen now, as an option or in the settings. */
  readonly chosen: () => string;
  readonly connection: EngineConnection;
  readonly list: LiveList<ContainerSummary>;
  readonly lateMachine: LateMachine;
  readonly dockerFolder: string;
}

/** The contract with all its handlers, and what they work with. */
export interface LaterAreas {
  readonly areas: { readonly [A in keyof LongshoreContract]: ServedArea<LongshoreContract[A]> };
  /** Ends what runs, then the connection, and the machine at last. */
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;

interface Followers {
  readonly worker: LogWorker;
  readonly keeper: BackgroundKeeper;
  readonly embedded: EmbeddedEngine;
}

/** Sets, now and after each change, what the parts take from the settings; gives the way to stop that. */
function followSettings({ store, chosen }: Parts, { worker, keeper, embedded }: Followers): () => void {
  const apply = (): void => {
    const { logMemoryMiB, keptLogsMiB, keepAllLogs } = store.snapshot.settings;
    worker.limitMemory(logMemoryMiB * mebibyte);
    worker.limitDisk(keptLogsMiB * mebibyte);
    keeper.switch(keepAllLogs && keptLogsMiB > 0);
    embedded.chosen(chosen());
  };
  apply();
  return store.subscribe(apply);
}

/** Opens everything that the first list can do without. */
export async function openLaterAreas(parts: Parts): Promise<LaterAreas> {
  const { home, env, log, host, handlers, store, connection, list, dockerFolder } = parts;
  const embedded = new EmbeddedEngine({ home, env, log, late: parts.lateMachine });
  const hub = await TaskHub.open(home, log);
  const vault = new CredentialVault(home, host.secrets);
  const credentials = new Credentials({ vault, dockerFolder, env });
  const volumeParts = await openVolumes({ home, connection, tasks: hub, settings: store, log });
  const { space } = volumeParts;
  const uploads = new Uploads(space);
  const worker = new LogWorker(join(home, "kept-logs"));
  const keeper = new BackgroundKeeper(connection, worker);
  const unsubscribe = followSettings(parts, { worker, keeper, embedded });
  const history = new BuildHistory(home);
  const names = (signal: AbortSignal) => containerNames(list, signal);
  const registryParts = { home, connection, credentials, certificateFolders: [dockerFolder, "/etc/docker"] };
  return {
    areas: {
      app: { procedures: app, handlers: appHandlers(parts) },
      builds: { procedures: builds, handlers: buildHandlers(new Builds({ connection, hub, credentials, history })) },
      containers: { procedures: containers, handlers: containerHandlers(connection, { list, volumes: space }) },
      engine: { procedures: engine, handlers: handlers.engine },
      files: { procedures: files, handlers: fileHandlers(space, uploads) },
      hostFiles: { procedures: hostFiles, handlers: hostFileHandlers() },
      images: { procedures: images, handlers: imageHandlers({ connection, hub, credentials }) },
      logs: { procedures: logs, handlers: logHandlers(connection, worker, names) },
      machine: { procedures: machine, handlers: machineHandlers(embedded.opened, hub) },
      networks: { procedures: networks, handlers: networkHandlers(connection, space.helpers) },
      registries: { procedures: registries, handlers: registryHandlers(registryParts) },
      settings: { procedures: settings, handlers: handlers.settings },
      tasks: { procedures: tasks, handlers: taskHandlers(hub) },
      volumes: { procedures: volumes, handlers: volumeHandlers(space) },
    },
    async close() {
      unsubscribe();
      keeper.switch(false);
      await worker.close();
      await hub.close();
      await uploads.close();
      await volumeParts.close();
      await connection.close();
      await embedded.close();
    },
  };
}

import { homedir } from "node:os";
import type { ContainerSummary, LongshoreContract, LongshoreHandlers } from "#contract";
import { watchContainers } from "#contract/container-list.ts";
import type { ServedArea, ServedAreas } from "#contract/rpc/procedure.ts";
import { engineHandlers } from "./api/engine.ts";
import { settingsHandlers } from "./api/settings.ts";
import { EngineConnection } from "./docker/connection.ts";
import { containerList } from "./docker/container-list.ts";
import { type Choice, configFolder, type Surroundings } from "./docker/endpoint.ts";
import { LiveList } from "./docker/live-list.ts";
import type { EngineOptions, HostArea } from "./engine-options.ts";
import { LateMachine } from "./late-machine.ts";
import { Later } from "./later.ts";
import type { LaterAreas } from "./later-areas.ts";
import type { Log } from "./log.ts";
import { openSettings, type SettingsStore } from "./settings/store.ts";
import { listAhead, loadAhead } from "./start-ahead.ts";

/** Everything behind the contract. */
export interface Engine {
  /** For `serve`. */
  readonly areas: ServedAreas<LongshoreContract>;
  /** For the hosts themselves. */
  readonly handlers: Pick<LongshoreHandlers, HostArea>;
  /** Lists the containers, and then loads what the screens need, before somebody asks. For hosts that show a screen. */
  prepare(): void;
  /** A page is being loaded: fetches meanwhile, or keeps, what nearly every one shows first. */
  expectPage(): void;
  /** Ends all connections; streams that are still open end with them. */
  close(): Promise<void>;
}

/** The option for the whole run; else the setting, followed as it changes. */
function chosenBy(option: string | undefined, settings: SettingsStore): Choice {
  if (option !== undefined) return { value: option, source: "option" };
  return { value: settings.snapshot.settings.engine, source: "setting" };
}

/** The list is served at once; whatever else is asked for loads all areas, if they are not loaded yet. */
function serveAreas(list: LiveList<ContainerSummary>, rest: Later<LaterAreas>): ServedAreas<LongshoreContract> {
  const later =
    <A extends keyof LongshoreContract>(area: A) =>
    async () =>
      (await rest.get()).areas[area];
  const first: ServedArea<Pick<LongshoreContract["containers"], "watch">> = {
    procedures: { watch: watchContainers },
    handlers: { watch: (_input, signal) => list.watch(signal) },
  };
  return {
    app: later("app"),
    builds: later("builds"),
    containers: (name) => (name === "watch" ? first : later("containers")()),
    engine: later("engine"),
    files: later("files"),
    hostFiles: later("hostFiles"),
    images: later("images"),
    logs: later("logs"),
    machine: later("machine"),
    networks: later("networks"),
    registries: later("registries"),
    settings: later("settings"),
    tasks: later("tasks"),
    volumes: later("volumes"),
  };
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
  const store = await openSettings(home);
  const lateMachine = new LateMachine();
  const around: Surroundings = { env, userHome: homedir(), platform: process.platform, machine: lateMachine };
  const chosen = (): Choice => chosenBy(choice, store);
  const connection = new EngineConnection(chosen(), around);
  const unsubscribe = store.subscribe(() => connection.choose(chosen()));
  const list = new LiveList(connection, containerList);
  const handlers = { engine: engineHandlers(connection, around), settings: settingsHandlers(store) };
  const rest = new Later(async () => {
    const { openLaterAreas } = await import("./later-areas.ts");
    const shared = { handlers, store, connection, lateMachine, list, dockerFolder: configFolder(around) };
    return openLaterAreas({ ...options, ...shared, chosen: () => chosen().value });
  });
  const closed = new AbortController();
  logStates(connection, log, closed.signal);
  return {
    areas: serveAreas(list, rest),
    handlers,
    prepare() {
      const first = Promise.withResolvers<void>();
      void listAhead(list, closed.signal, first.resolve);
      void loadAhead(rest, { listed: first.promise, connection, log, closed: closed.signal });
    },
    expectPage: () => list.warmUp(),
    async close() {
      unsubscribe();
      closed.abort();
      await (await rest.ifLoaded())?.close();
      await connection.close();
    },
  };
}

import type {
  Build,
  ContainerSummary,
  EngineState,
  ImageSummary,
  MachineUsage,
  MachineView,
  NetworkSummary,
  PastLog,
  SettingsSnapshot,
  Task,
  VolumeFacts,
  VolumeSummary,
} from "#contract";
import { client } from "./client.ts";
import { liveList } from "./live-list.ts";
import { liveValue } from "./live-value.ts";

/** Every live source of the app. A screen reads one with `useLiveList` or `useLiveValue`. */
export const containersSource = liveList<ContainerSummary>({
  name: "containers",
  watch: (options) => client.containers.watch({}, options),
  idOf: ({ id }) => id,
});

export const imagesSource = liveList<ImageSummary>({
  name: "images",
  watch: (options) => client.images.watch({}, options),
  idOf: ({ id }) => id,
});

export const volumesSource = liveList<VolumeSummary>({
  name: "volumes",
  watch: (options) => client.volumes.watch({}, options),
  idOf: ({ name }) => name,
});

export const volumeFactsSource = liveValue<VolumeFacts>("volume-facts", (options) =>
  client.volumes.watchFacts({}, options),
);

export const networksSource = liveList<NetworkSummary>({
  name: "networks",
  watch: (options) => client.networks.watch({}, options),
  idOf: ({ id }) => id,
});

export const engineSource = liveValue<EngineState>("engine", (options) => client.engine.watch({}, options));

export const settingsSource = liveValue<SettingsSnapshot>("settings", (options) => client.settings.watch({}, options));

export const tasksSource = liveList<Task>({
  name: "tasks",
  watch: (options) => client.tasks.watch({}, options),
  idOf: ({ id }) => id,
});

export const pastSource = liveList<PastLog>({
  name: "past",
  watch: (options) => client.logs.past({}, options),
  idOf: ({ name }) => name,
});

export const buildsSource = liveList<Build>({
  name: "builds",
  watch: (options) => client.builds.watch({}, options),
  idOf: ({ id }) => id,
});

export const machineSource = liveValue<MachineView>("machine", (options) => client.machine.watch({}, options));

export const machineUsageSource = liveValue<MachineUsage>("machine-usage", (options) =>
  client.machine.usage({}, options),
);

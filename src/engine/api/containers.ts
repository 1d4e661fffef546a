import type { ContainerSummary, LongshoreHandlers } from "#contract";
import type { EngineConnection } from "../docker/connection.ts";
import {
  createContainer,
  inspectContainer,
  killContainer,
  pauseContainer,
  removeContainer,
  renameContainer,
  restartContainer,
  startContainer,
  stopContainer,
  unpauseContainer,
  watchContainer,
} from "../docker/containers.ts";
import type { LiveList } from "../docker/live-list.ts";
import { removeWithVolumes } from "../volumes/remove-with-volumes.ts";
import type { VolumeSpace } from "../volumes/space.ts";

/** What an action that has nothing to tell answers with. */
async function done(action: Promise<void>): Promise<Record<string, never>> {
  await action;
  return {};
}

/** Handlers of `containers`; `volumes` keeps what is removed with one. */
export function containerHandlers(
  connection: EngineConnection,
  { list, volumes }: { list: LiveList<ContainerSummary>; volumes: VolumeSpace },
): LongshoreHandlers["containers"] {
  return {
    watch: (_input, signal) => list.watch(signal),
    inspect: async ({ id }, signal) => inspectContainer(connection.session(), id, signal),
    watchOne: ({ id }, signal) => watchContainer(connection, id, signal),
    create: async (input, signal) => createContainer(connection.session(), input, signal),
    start: async ({ id }, signal) => done(startContainer(connection.session(), id, signal)),
    stop: async (input, signal) => done(stopContainer(connection.session(), { ...input, signal })),
    restart: async ({ id }, signal) => done(restartContainer(connection.session(), id, signal)),
    pause: async ({ id }, signal) => done(pauseContainer(connection.session(), id, signal)),
    unpause: async ({ id }, signal) => done(unpauseContainer(connection.session(), id, signal)),
    kill: async ({ id, signal: signalName }, signal) =>
      done(killContainer(connection.session(), { id, signalName, signal })),
    rename: async (input, signal) => done(renameContainer(connection.session(), { ...input, signal })),
    remove: async (input, signal) => {
      if (input.removeVolumes) return removeWithVolumes(volumes, { ...input, signal });
      await removeContainer(connection.session(), { ...input, signal });
      return { trashed: [], kept: [] };
    },
  };
}

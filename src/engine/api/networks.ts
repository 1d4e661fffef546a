import type { LongshoreHandlers } from "#contract";
import type { EngineConnection } from "../docker/connection.ts";
import type { Helpers } from "../docker/helper.ts";
import { LiveList } from "../docker/live-list.ts";
import { connectContainer, createNetwork, disconnectContainer, networkList } from "../docker/networks.ts";
import { watchMembers } from "../networks/members.ts";
import { checkSubnets, requireFreeSubnets } from "../networks/overlap.ts";
import { testReach } from "../networks/reach.ts";
import { prunableNetworks, pruneNetworks, removeNetwork } from "../networks/remove.ts";

/** Handlers of `networks`. */
export function networkHandlers(connection: EngineConnection, helpers: Helpers): LongshoreHandlers["networks"] {
  const list = new LiveList(connection, networkList);
  return {
    watch: (_input, signal) => list.watch(signal),
    watchMembers: ({ id }, signal) => watchMembers(connection, id, signal),
    checkSubnets: ({ subnets }) => checkSubnets(connection.session(), helpers, subnets),
    create: async (input, signal) => {
      await requireFreeSubnets(connection.session(), helpers, input.subnets);
      return createNetwork(connection.session(), input, signal);
    },
    remove: async ({ id }) => {
      await removeNetwork(connection.session(), id);
      return {};
    },
    prunePreview: async (_input, signal) => {
      const items = await prunableNetworks(connection.session(), signal);
      return { items: items.map(({ id, name, driver, createdAt }) => ({ id, name, driver, createdAt })) };
    },
    prune: async ({ ids }) => ({ outcomes: await pruneNetworks(connection.session(), ids) }),
    connect: async (input, signal) => {
      await connectContainer(connection.session(), input, signal);
      return {};
    },
    disconnect: async (input, signal) => {
      await disconnectContainer(connection.session(), input, signal);
      return {};
    },
    reach: (input, signal) => testReach(connection.session(), helpers, { ...input, signal }),
  };
}

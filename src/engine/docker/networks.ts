import { z } from "zod";
import type { NetworkSummary } from "#contract";
import { getList, timeOf } from "./listing.ts";
import type { ListSource } from "./live-list.ts";

const builtInNames = new Set(["bridge", "host", "none"]);

const rawNetwork = z.object({
  Id: z.string().min(1),
  Name: z.string(),
  Driver: z.string(),
  Scope: z.string().default("local"),
  Created: z.string().optional(),
  Internal: z.boolean().default(false),
  Attachable: z.boolean().default(false),
  EnableIPv6: z.boolean().default(false),
  IPAM: z
    .object({
      Config: z.array(z.object({ Subnet: z.string().default(""), Gateway: z.string().default("") })).nullish(),
    })
    .nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
});

/** One item of `GET /networks`; undefined where it is not as the Engine API describes it. */
export function readNetworkSummary(item: unknown): NetworkSummary | undefined {
  const parsed = rawNetwork.safeParse(item);
  if (!parsed.success) return undefined;
  const raw = parsed.data;
  return {
    id: raw.Id,
    name: raw.Name,
    driver: raw.Driver,
    scope: raw.Scope,
    createdAt: timeOf(raw.Created) ?? 0,
    internal: raw.Internal,
    attachable: raw.Attachable,
    ipv6: raw.EnableIPv6,
    subnets: (raw.IPAM?.Config ?? []).map(({ Subnet: subnet, Gateway: gateway }) => ({ subnet, gateway })),
    labels: raw.Labels ?? {},
    builtIn: builtInNames.has(raw.Name),
  };
}

/** The live list (`GET /networks`). */
export const networkList: ListSource<NetworkSummary> = {
  eventTypes: ["network"],
  idOf: ({ id }) => id,
  // connect and disconnect come with each start and stop of a container and change nothing of what the list shows.
  touchedBy: ({ action }) => (action === "connect" || action === "disconnect" ? [] : "all"),
  list: (session, signal) =>
    getList(
      session.http,
      { about: { verb: "list the networks of", kind: "engine" }, path: "/networks", signal },
      readNetworkSummary,
    ),
};

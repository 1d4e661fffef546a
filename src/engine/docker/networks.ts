import { z } from "zod";
import type { NetworkSummary } from "#contract";
import { getList, timeOf } from "./listing.ts";
import type { ListSource } from "./live-list.ts";
import type { Session } from "./session.ts";

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
      Config: z
        .array(
          z.object({
            Subnet: z.string().default(""),
            Gateway: z.string().default(""),
            IPRange: z.string().default(""),
          }),
        )
        .nullish(),
    })
    .nullish(),
  Options: z.record(z.string(), z.string()).nullish(),
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
    subnets: (raw.IPAM?.Config ?? []).map(({ Subnet: subnet, Gateway: gateway, IPRange: range }) => ({
      subnet,
      gateway,
      range,
    })),
    options: raw.Options ?? {},
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

const actionDeadlineMs = 60_000;

/** Errors: not_found. */
export async function inspectNetwork(session: Session, id: string, signal?: AbortSignal): Promise<NetworkSummary> {
  const about = { verb: "inspect", kind: "network", name: id } as const;
  const path = `/networks/${encodeURIComponent(id)}`;
  const answer = await session.http.json({ about, path, signal }, rawNetwork.loose());
  // The schema has just accepted it.
  return readNetworkSummary(answer) as NetworkSummary;
}

/** All networks. */
export async function listNetworks(session: Session, signal?: AbortSignal): Promise<readonly NetworkSummary[]> {
  const about = { verb: "list the networks of", kind: "engine" } as const;
  return (await getList(session.http, { about, path: "/networks", signal }, readNetworkSummary)).items;
}

export interface NewNetwork {
  readonly name: string;
  readonly driver: string;
  readonly subnets: readonly { readonly subnet: string; readonly gateway: string; readonly range: string }[];
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly ipv6: boolean;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** `POST /networks/create`. Errors: conflict where the name is taken; bad_request. */
export async function createNetwork(
  session: Session,
  network: NewNetwork,
  signal: AbortSignal,
): Promise<{ id: string; warning: string }> {
  const { name, driver, subnets, internal, attachable, ipv6, options, labels } = network;
  const config = subnets.map(({ subnet, gateway, range }) => ({
    Subnet: subnet,
    ...(gateway ? { Gateway: gateway } : {}),
    ...(range ? { IPRange: range } : {}),
  }));
  const body = {
    Name: name,
    CheckDuplicate: true,
    Driver: driver,
    Internal: internal,
    Attachable: attachable,
    EnableIPv6: ipv6,
    Options: options,
    Labels: labels,
    ...(config.length > 0 ? { IPAM: { Driver: "default", Config: config } } : {}),
  };
  const about = { verb: "create", kind: "network", name } as const;
  const request = {
    about,
    method: "POST",
    path: "/networks/create",
    body,
    signal,
    deadlineMs: actionDeadlineMs,
  } as const;
  const answer = await session.http.json(request, z.object({ Id: z.string(), Warning: z.string().default("") }));
  return { id: answer.Id, warning: answer.Warning };
}

/** `DELETE /networks/{id}`. Errors: not_found; conflict where it has members or is built in. */
export async function deleteNetwork(session: Session, { id, name }: { id: string; name: string }): Promise<void> {
  const about = { verb: "remove", kind: "network", name } as const;
  const path = `/networks/${encodeURIComponent(id)}`;
  await session.http.send({ about, method: "DELETE", path, deadlineMs: actionDeadlineMs });
}

export interface Connection {
  readonly id: string;
  readonly container: string;
  readonly aliases: readonly string[];
  readonly ipAddress?: string | undefined;
  readonly ipv6Address?: string | undefined;
}

/** `POST /networks/{id}/connect`. Errors: not_found, conflict, bad_request. */
export async function connectContainer(session: Session, connection: Connection, signal: AbortSignal): Promise<void> {
  const { id, container, aliases, ipAddress, ipv6Address } = connection;
  const addresses = {
    ...(ipAddress ? { IPv4Address: ipAddress } : {}),
    ...(ipv6Address ? { IPv6Address: ipv6Address } : {}),
  };
  const body = {
    Container: container,
    EndpointConfig: {
      ...(aliases.length > 0 ? { Aliases: aliases } : {}),
      ...(Object.keys(addresses).length > 0 ? { IPAMConfig: addresses } : {}),
    },
  };
  const about = { verb: "connect a container to", kind: "network", name: id } as const;
  const path = `/networks/${encodeURIComponent(id)}/connect`;
  await session.http.send({ about, method: "POST", path, body, signal, deadlineMs: actionDeadlineMs });
}

/** `POST /networks/{id}/disconnect`. Errors: not_found, conflict. */
export async function disconnectContainer(
  session: Session,
  { id, container, force }: { id: string; container: string; force: boolean },
  signal: AbortSignal,
): Promise<void> {
  const about = { verb: "disconnect a container from", kind: "network", name: id } as const;
  const path = `/networks/${encodeURIComponent(id)}/disconnect`;
  const body = { Container: container, Force: force };
  await session.http.send({ about, method: "POST", path, body, signal, deadlineMs: actionDeadlineMs });
}

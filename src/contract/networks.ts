import { z } from "zod";
import { listUpdate, nothing, reference } from "./lists.ts";
import { call, stream } from "./rpc/procedure.ts";

const subnet = z.object({
  /** In CIDR form; "" where the engine gave none. */
  subnet: z.string(),
  gateway: z.string(),
  /** The part of the subnet that addresses are given from; "" for all of it. */
  range: z.string(),
});

/** One row of the networks list (`GET /networks`). */
export const networkSummary = z.object({
  id: z.string(),
  name: z.string(),
  driver: z.string(),
  scope: z.string(),
  createdAt: z.number(),
  internal: z.boolean(),
  attachable: z.boolean(),
  ipv6: z.boolean(),
  subnets: z.array(subnet),
  options: z.record(z.string(), z.string()),
  labels: z.record(z.string(), z.string()),
  /** bridge, host and none belong to the engine and cannot be removed. */
  builtIn: z.boolean(),
});

export type NetworkSummary = z.infer<typeof networkSummary>;

/** A container on a network; one that does not run has no addresses. */
export const networkMember = z.object({
  id: z.string(),
  name: z.string(),
  running: z.boolean(),
  ipAddress: z.string(),
  ipv6Address: z.string(),
  macAddress: z.string(),
  /** Names by which other members find it, besides its own. */
  aliases: z.array(z.string()),
});

export type NetworkMember = z.infer<typeof networkMember>;

/** Docker's rule for names (`RestrictedNameChars`). */
export const networkName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, "starts with a letter or digit, then a-z A-Z 0-9 _ . -")
  .max(255);

const strings = z.record(z.string(), z.string());
const done = z.object({});
const address = z.string().max(64);

const overlap = z.object({
  /** As it was asked for. */
  subnet: z.string(),
  /** What it meets: the subnet of a network, or a route. */
  other: z.string(),
  /** In words, for example `network web_default`. */
  holder: z.string(),
});

export type SubnetOverlap = z.infer<typeof overlap>;

const step = z.object({
  /** What was tried. */
  what: z.enum(["state", "resolve", "ping", "connect", "listen"]),
  outcome: z.enum(["ok", "failed", "skipped"]),
  /** One sentence. */
  detail: z.string(),
});

/** The answer to "can A reach B": in words first, and how it was found out. */
export const reachability = z.object({
  reachable: z.boolean(),
  /** One sentence with the names, and what to do. */
  answer: z.string(),
  steps: z.array(step),
});

export type Reachability = z.infer<typeof reachability>;

const destination = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("container"),
    id: reference,
    /** The name that the first container uses for it; its container name when absent. */
    alias: z
      .string()
      .max(255)
      .regex(/^[A-Za-z0-9_.-]+$/, "is not a host name")
      .optional(),
  }),
  /** A host name or address. */
  z.object({
    kind: z.literal("host"),
    host: z
      .string()
      .max(255)
      .regex(/^[A-Za-z0-9_.:-]+$/, "is not a host"),
  }),
]);

export const networks = {
  watch: stream(nothing, listUpdate(networkSummary)),
  /** Members of one network, again after each change; ends when it is removed. Errors: not_found. */
  watchMembers: stream(z.object({ id: reference }), z.object({ members: z.array(networkMember) })),
  /** Looks for overlaps with networks and with the engine host's routes, and for a subnet that is free. */
  checkSubnets: call(
    z.object({ subnets: z.array(address).max(16) }),
    z.object({ overlaps: z.array(overlap), suggestion: z.string().optional() }),
  ),
  /** Errors: conflict where the name is taken or a subnet overlaps; bad_request. */
  create: call(
    z.object({
      name: networkName,
      driver: z.string().min(1).max(255),
      subnets: z.array(z.object({ subnet: address, gateway: address, range: address })).max(16),
      internal: z.boolean(),
      attachable: z.boolean(),
      ipv6: z.boolean(),
      options: strings,
      labels: strings,
    }),
    z.object({ id: z.string(), warning: z.string() }),
  ),
  /** Errors: not_found; conflict where it is built in or has members, who are named. */
  remove: call(z.object({ id: reference }), done),
  /** Networks without members that are not built in. */
  prunePreview: call(
    nothing,
    z.object({
      items: z.array(z.object({ id: z.string(), name: z.string(), driver: z.string(), createdAt: z.number() })),
    }),
  ),
  /** Removes exactly these; one that meanwhile got a member stays and is reported. */
  prune: call(
    z.object({ ids: z.array(reference).min(1).max(1000) }),
    z.object({ outcomes: z.array(z.object({ id: z.string(), error: z.string().optional() })) }),
  ),
  /** Errors: not_found; conflict where it is connected already, or the address is in use. */
  connect: call(
    z.object({
      id: reference,
      container: reference,
      aliases: z
        .array(
          z
            .string()
            .max(255)
            .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "is not a host name"),
        )
        .max(32),
      ipAddress: address.optional(),
      ipv6Address: address.optional(),
    }),
    done,
  ),
  /** Errors: not_found; conflict where it is not connected. */
  disconnect: call(z.object({ id: reference, container: reference, force: z.boolean() }), done),
  /** Tests from the network namespace of a container, for a second or a few. Errors: not_found; conflict (not running). */
  reach: call(
    z.object({ from: reference, to: destination, port: z.int().min(1).max(65_535).optional() }),
    reachability,
  ),
} as const;

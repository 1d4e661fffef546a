import { z } from "zod";
import { nothing } from "./lists.ts";
import { call, stream } from "./rpc/procedure.ts";

/** Where an engine is reached, and who said so. */
export const endpoint = z.object({
  /** Docker host URL, for example `unix:///var/run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://host:2376`. */
  host: z.string(),
  /** What chose it, in words for the screen. */
  source: z.enum(["option", "setting", "DOCKER_HOST", "context", "default", "machine"]),
  /** Name of the docker context, where one was used. */
  context: z.string().optional(),
  /** True for `tcp://` without TLS: anyone on the way can read and command the engine. */
  insecure: z.boolean(),
});

export type Endpoint = z.infer<typeof endpoint>;

/** The one state of the engine connection. Data on the screen is current only while `connected`. */
export const engineState = z.discriminatedUnion("status", [
  z.object({ status: z.literal("connecting"), endpoint: endpoint.optional() }),
  z.object({
    status: z.literal("connected"),
    endpoint,
    /** Engine version, for example `26.1.5`. */
    version: z.string(),
    /** Negotiated API version, for example `1.45`. */
    api: z.string(),
    /** Operating system and architecture of the engine, for example `linux/amd64`. */
    platform: z.string(),
    /** Unique id of this connection; a new one means that everything was read anew. */
    generation: z.int(),
  }),
  /** It is there but does not answer in time; requests wait. */
  z.object({ status: z.literal("degraded"), endpoint, why: z.string() }),
  z.object({
    status: z.literal("disconnected"),
    endpoint: endpoint.optional(),
    why: z.string(),
    /** What the user can do, one line each. */
    hints: z.array(z.string()),
    /** Milliseconds since 1970 of the next try; absent where none is planned. */
    retryAt: z.number().optional(),
  }),
  z.object({
    status: z.literal("no_permission"),
    endpoint,
    socket: z.string(),
    group: z.string(),
    /** The exact command that grants access. */
    command: z.string(),
  }),
]);

export type EngineState = z.infer<typeof engineState>;

const testResult = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), endpoint, version: z.string(), api: z.string(), platform: z.string() }),
  z.object({ ok: z.literal(false), why: z.string() }),
]);

export type EngineTestResult = z.infer<typeof testResult>;

/** `auto`, `host`, `vm`, `context:NAME` (a docker context) or a Docker host URL. */
export const engineChoice = z.string().min(1).max(1024);

export const engine = {
  watch: stream(nothing, engineState),
  /** Tries again now instead of at the next planned time. */
  reconnect: call(nothing, z.object({})),
  /** Connects to a choice without switching to it; at most 5 s. */
  test: call(z.object({ choice: engineChoice }), testResult),
  /** Engines that were found on this machine: contexts and the usual sockets. */
  discover: call(nothing, z.object({ endpoints: z.array(endpoint) })),
} as const;

import { z } from "zod";
import { listUpdate, nothing } from "./lists.ts";
import { stream } from "./rpc/procedure.ts";

export const containerStates = ["created", "running", "paused", "restarting", "removing", "exited", "dead"] as const;

/** A state as Docker names it; `stopping` and `starting` are pending actions of the screen, not states. */
export type ContainerState = (typeof containerStates)[number];

export const portBinding = z.object({
  /** Port inside the container. */
  privatePort: z.int(),
  protocol: z.enum(["tcp", "udp", "sctp"]),
  /** Port on the host; absent where the port is exposed but not published. */
  publicPort: z.int().optional(),
  /** Address on the host, for example `0.0.0.0`, `::` or `127.0.0.1`. */
  hostIp: z.string().optional(),
});

export type PortBinding = z.infer<typeof portBinding>;

export const healthStates = z.enum(["none", "starting", "healthy", "unhealthy"]);

/** One row of the list (`GET /containers/json`). */
export const containerSummary = z.object({
  id: z.string(),
  /** Without Docker's leading slash. */
  name: z.string(),
  /** The reference it was created from, or an image id where the tag has moved on. */
  image: z.string(),
  imageId: z.string(),
  command: z.string(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  state: z.enum(containerStates),
  health: healthStates,
  /** Of an exited container. */
  exitCode: z.int().optional(),
  ports: z.array(portBinding),
  labels: z.record(z.string(), z.string()),
  networks: z.array(z.string()),
  /** Names of the volumes it mounts. */
  volumes: z.array(z.string()),
});

export type ContainerSummary = z.infer<typeof containerSummary>;

/** The list, kept live by the engine's events; nothing polls. Apart from the rest, because a start waits for it alone. */
export const watchContainers = stream(nothing, listUpdate(containerSummary));

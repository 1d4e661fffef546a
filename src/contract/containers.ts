import { z } from "zod";
import { containerStates, healthStates, portBinding, watchContainers } from "./container-list.ts";
import { reference } from "./lists.ts";
import { call, stream } from "./rpc/procedure.ts";

const mount = z.object({
  type: z.string(),
  /** Volume name, or nothing for a bind mount. */
  name: z.string().optional(),
  source: z.string(),
  destination: z.string(),
  readOnly: z.boolean(),
});

const networkAttachment = z.object({
  name: z.string(),
  networkId: z.string(),
  ipAddress: z.string(),
  ipv6Address: z.string(),
  gateway: z.string(),
  macAddress: z.string(),
  aliases: z.array(z.string()),
});

const healthProbe = z.object({
  startedAt: z.string(),
  exitCode: z.int(),
  output: z.string(),
});

/** Everything that the Overview shows (`GET /containers/{id}/json`); `raw` is the engine's own answer for Inspect. */
export const containerDetails = z.object({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  imageId: z.string(),
  /** Entrypoint and arguments as argv. */
  command: z.array(z.string()),
  workingDir: z.string(),
  user: z.string(),
  hostname: z.string(),
  createdAt: z.number(),
  /** Milliseconds since 1970; absent before the first start. */
  startedAt: z.number().optional(),
  finishedAt: z.number().optional(),
  state: z.enum(containerStates),
  exitCode: z.int().optional(),
  /** True where the kernel killed it for want of memory. */
  oomKilled: z.boolean(),
  /** The engine's reason for a failed start, or "". */
  error: z.string(),
  health: z.object({ status: healthStates, failingStreak: z.int(), probes: z.array(healthProbe) }),
  restartPolicy: z.object({ name: z.string(), maximumRetryCount: z.int() }),
  restartCount: z.int(),
  privileged: z.boolean(),
  /** Removed by the engine when it stops. */
  autoRemove: z.boolean(),
  tty: z.boolean(),
  /** Its own grace period before a stop kills; absent where it has none (the engine then waits 10 s). */
  stopTimeoutSeconds: z.int().optional(),
  /** `NAME=value` pairs, in order; values may be secrets, so screens mask them. */
  env: z.array(z.object({ name: z.string(), value: z.string() })),
  labels: z.record(z.string(), z.string()),
  ports: z.array(portBinding),
  mounts: z.array(mount),
  networks: z.array(networkAttachment),
  logDriver: z.string(),
  /** The answer as the engine gave it. */
  raw: z.json(),
});

export type ContainerDetails = z.infer<typeof containerDetails>;

/** Docker's rule for names (`RestrictedNameChars`). */
export const containerName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, "starts with a letter or digit, then at least one of a-z A-Z 0-9 _ . -")
  .max(128);

/** Signals that `docker kill` is used with; the engine accepts more, but a screen offers these. */
export const killSignals = ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

const target = z.object({ id: reference });
const done = z.object({});

export const containers = {
  watch: watchContainers,
  /** Details of one container. Errors: not_found. */
  inspect: call(target, containerDetails),
  /** Details of one container, again after each of its events; ends when it is removed. Errors: not_found. */
  watchOne: stream(target, containerDetails),
  /** Creates and, if asked, starts. Errors: not_found (image), conflict (name), bad_request. */
  create: call(
    z.object({
      image: z.string().min(1).max(512),
      name: containerName.optional(),
      /** argv; empty means the image's own command. */
      command: z.array(z.string()),
      start: z.boolean(),
    }),
    z.object({ id: z.string(), warnings: z.array(z.string()) }),
  ),
  /** Errors of the actions: not_found; conflict where the state forbids it, for example to stop a stopped one. */
  start: call(target, done),
  /** Sends the stop signal and kills after the grace period (seconds; the container's own when absent). */
  stop: call(target.extend({ graceSeconds: z.int().min(0).max(3600).optional() }), done),
  restart: call(target, done),
  pause: call(target, done),
  unpause: call(target, done),
  kill: call(target.extend({ signal: z.enum(killSignals) }), done),
  /** Errors: conflict where the name is taken. */
  rename: call(target.extend({ name: containerName }), done),
  /**
   * `force` kills a running one; `removeVolumes` also moves its anonymous volumes to the trash, from where
   * `volumes.restore` brings them back; those that are protected or mounted elsewhere are kept.
   */
  remove: call(
    target.extend({ force: z.boolean(), removeVolumes: z.boolean() }),
    z.object({
      trashed: z.array(z.object({ name: z.string(), trash: z.string() })),
      kept: z.array(z.object({ name: z.string(), why: z.string() })),
    }),
  ),
} as const;

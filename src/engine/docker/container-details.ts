import { z } from "zod";
import { containerStates, type PortBinding } from "#contract/container-list.ts";
import type { ContainerDetails } from "#contract/containers.ts";
import { protocols } from "./container-summary.ts";
import { timeOf } from "./listing.ts";

const bindings = z.array(z.object({ HostIp: z.string().default(""), HostPort: z.string().default("") })).nullish();
const portMap = z.record(z.string(), bindings).nullish();
const strings = z.array(z.string()).nullish();

const rawHealth = z.object({
  Status: z.string().default("none"),
  FailingStreak: z.int().default(0),
  Log: z
    .array(z.object({ Start: z.string().default(""), ExitCode: z.int().default(0), Output: z.string().default("") }))
    .nullish(),
});

const rawState = z.object({
  Status: z.enum(containerStates),
  ExitCode: z.int().default(0),
  OOMKilled: z.boolean().default(false),
  Error: z.string().default(""),
  StartedAt: z.string().default(""),
  FinishedAt: z.string().default(""),
  Health: rawHealth.nullish(),
});

const rawConfig = z.object({
  Hostname: z.string().default(""),
  User: z.string().default(""),
  Tty: z.boolean().default(false),
  StopTimeout: z.int().nullish(),
  Env: strings,
  Image: z.string().default(""),
  WorkingDir: z.string().default(""),
  Labels: z.record(z.string(), z.string()).nullish(),
  ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
});

const rawHostConfig = z.object({
  RestartPolicy: z.object({ Name: z.string().default(""), MaximumRetryCount: z.int().default(0) }).nullish(),
  Privileged: z.boolean().default(false),
  AutoRemove: z.boolean().default(false),
  PortBindings: portMap,
  LogConfig: z.object({ Type: z.string().default("") }).nullish(),
});

const rawNetwork = z.object({
  NetworkID: z.string().default(""),
  IPAddress: z.string().default(""),
  GlobalIPv6Address: z.string().default(""),
  Gateway: z.string().default(""),
  MacAddress: z.string().default(""),
  Aliases: strings,
});

const rawMount = z.object({
  Type: z.string().default(""),
  Name: z.string().optional(),
  Source: z.string().default(""),
  Destination: z.string().default(""),
  RW: z.boolean().default(true),
});

/** What Longshore reads; parts that are missing or null are taken as empty. */
const rawDetails = z.object({
  Id: z.string().min(1),
  Name: z.string().default(""),
  Created: z.string().default(""),
  Path: z.string().default(""),
  Args: strings,
  State: rawState,
  Image: z.string().default(""),
  RestartCount: z.int().default(0),
  Config: rawConfig,
  HostConfig: rawHostConfig,
  Mounts: z.array(rawMount).nullish(),
  NetworkSettings: z
    .object({ Ports: portMap, Networks: z.record(z.string(), rawNetwork.nullable()).nullish() })
    .nullish(),
});

type RawDetails = z.infer<typeof rawDetails>;

/** `80/tcp` and its bindings. */
function bindingsOf([key, hosts]: [string, z.infer<typeof bindings>]): PortBinding[] {
  const [port = "", name = "tcp"] = key.split("/");
  const protocol = protocols.safeParse(name);
  const privatePort = Number(port);
  if (!protocol.success || !Number.isInteger(privatePort)) return [];
  const base = { privatePort, protocol: protocol.data };
  if (!hosts || hosts.length === 0) return [base];
  return hosts.map(({ HostIp: hostIp, HostPort: hostPort }) => {
    const publicPort = Number(hostPort);
    if (!Number.isInteger(publicPort) || publicPort === 0) return base;
    return { ...base, publicPort, ...(hostIp === "" ? {} : { hostIp }) };
  });
}

/** What is published, or will be at the next start, and what is only exposed. */
function portsOf({ Config: config, HostConfig: host, NetworkSettings: net, State: state }: RawDetails): PortBinding[] {
  const live = state.Status === "running" || state.Status === "paused";
  const published = (live ? net?.Ports : host.PortBindings) ?? {};
  const exposed = Object.keys(config.ExposedPorts ?? {}).map((key) => [key, null] as const);
  return Object.entries({ ...Object.fromEntries(exposed), ...published }).flatMap(bindingsOf);
}

/** A name without a value is taken over by some engines as written: `NAME`. */
function splitEnv(entry: string): { name: string; value: string } {
  const at = entry.indexOf("=");
  return at < 0 ? { name: entry, value: "" } : { name: entry.slice(0, at), value: entry.slice(at + 1) };
}

const healthStates = z.enum(["none", "starting", "healthy", "unhealthy"]).catch("none");

function healthOf({ State: state }: RawDetails): ContainerDetails["health"] {
  const probes = (state.Health?.Log ?? []).map(({ Start: startedAt, ExitCode: exitCode, Output: output }) => ({
    startedAt,
    exitCode,
    output,
  }));
  return { status: healthStates.parse(state.Health?.Status), failingStreak: state.Health?.FailingStreak ?? 0, probes };
}

/** A container that never ran has exit code 0 as well; only a failed start gives it a meaning there. */
function exitCodeOf({ State: { Status: status, ExitCode: code } }: RawDetails): number | undefined {
  const ended = status === "exited" || status === "dead" || status === "restarting";
  return ended || (status === "created" && code !== 0) ? code : undefined;
}

function networksOf({ NetworkSettings: net }: RawDetails): ContainerDetails["networks"] {
  return Object.entries(net?.Networks ?? {}).map(([name, network]) => ({
    name,
    networkId: network?.NetworkID ?? "",
    ipAddress: network?.IPAddress ?? "",
    ipv6Address: network?.GlobalIPv6Address ?? "",
    gateway: network?.Gateway ?? "",
    macAddress: network?.MacAddress ?? "",
    aliases: network?.Aliases ?? [],
  }));
}

function mountsOf({ Mounts: mounts }: RawDetails): ContainerDetails["mounts"] {
  return (mounts ?? []).map(({ Type: type, Name: name, Source: source, Destination: destination, RW: writable }) => ({
    type,
    ...(name ? { name } : {}),
    source,
    destination,
    readOnly: !writable,
  }));
}

function timesOf({
  State: state,
  Created: created,
}: RawDetails): Pick<ContainerDetails, "createdAt" | "startedAt" | "finishedAt"> {
  const startedAt = timeOf(state.StartedAt);
  const finishedAt = timeOf(state.FinishedAt);
  return {
    createdAt: timeOf(created) ?? 0,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

function configOf(
  raw: RawDetails,
): Pick<
  ContainerDetails,
  "workingDir" | "user" | "hostname" | "tty" | "stopTimeoutSeconds" | "env" | "labels" | "image"
> {
  const { Config: config } = raw;
  return {
    image: config.Image || raw.Image,
    workingDir: config.WorkingDir,
    user: config.User,
    hostname: config.Hostname,
    tty: config.Tty,
    ...(typeof config.StopTimeout === "number" ? { stopTimeoutSeconds: config.StopTimeout } : {}),
    env: (config.Env ?? []).map(splitEnv),
    labels: config.Labels ?? {},
  };
}

function toDetails(raw: RawDetails, answer: ContainerDetails["raw"]): ContainerDetails {
  const { State: state, HostConfig: host } = raw;
  const exitCode = exitCodeOf(raw);
  return {
    id: raw.Id,
    name: raw.Name.replace(/^\//, "") || raw.Id.slice(0, 12),
    imageId: raw.Image,
    command: [raw.Path, ...(raw.Args ?? [])].filter((part, index) => index > 0 || part !== ""),
    ...configOf(raw),
    ...timesOf(raw),
    state: state.Status,
    ...(exitCode === undefined ? {} : { exitCode }),
    oomKilled: state.OOMKilled,
    error: state.Error,
    health: healthOf(raw),
    restartPolicy: {
      name: host.RestartPolicy?.Name || "no",
      maximumRetryCount: host.RestartPolicy?.MaximumRetryCount ?? 0,
    },
    restartCount: raw.RestartCount,
    privileged: host.Privileged,
    autoRemove: host.AutoRemove,
    ports: portsOf(raw),
    mounts: mountsOf(raw),
    networks: networksOf(raw),
    logDriver: host.LogConfig?.Type ?? "",
    raw: answer,
  };
}

/** The answer of `GET /containers/{id}/json`: the parts that are read, and under `raw` the whole as it came. */
export const containerAnswer = z.json().transform((answer, context) => {
  const parsed = rawDetails.safeParse(answer);
  if (parsed.success) return toDetails(parsed.data, answer);
  for (const { path, message } of parsed.error.issues) {
    context.issues.push({ code: "custom", path: [...path], message, input: answer });
  }
  return z.NEVER;
});

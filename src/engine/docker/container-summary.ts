import { z } from "zod";
import { type ContainerSummary, containerStates, type PortBinding } from "#contract/container-list.ts";

export const protocols = z.enum(["tcp", "udp", "sctp"]);

const rawPort = z.object({
  PrivatePort: z.int(),
  PublicPort: z.int().optional(),
  IP: z.string().optional(),
  Type: protocols,
});

const rawSummary = z.object({
  Id: z.string().min(1),
  Names: z.array(z.string()).nullish(),
  Image: z.string(),
  ImageID: z.string().default(""),
  Command: z.string().default(""),
  Created: z.number(),
  State: z.enum(containerStates),
  Status: z.string().default(""),
  Ports: z.array(z.unknown()).nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  NetworkSettings: z.object({ Networks: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  Mounts: z.array(z.object({ Type: z.string().optional(), Name: z.string().optional() })).nullish(),
});

type RawSummary = z.infer<typeof rawSummary>;

/** The own name: links add further ones such as `/other/alias`. A container without a name goes by its short id. */
function nameOf({ Names: names, Id: id }: RawSummary): string {
  const own = names?.find((name) => name.lastIndexOf("/") === 0) ?? names?.[0];
  return own?.replace(/^\//, "") || id.slice(0, 12);
}

/** The list says it only in words: `Exited (137) 5 minutes ago`. */
function exitCodeOf({ State: state, Status: status }: RawSummary): number | undefined {
  if (state !== "exited" && state !== "dead" && state !== "restarting") return undefined;
  const code = /^(?:Exited|Restarting|Dead) \((-?\d+)\)/.exec(status)?.[1];
  return code === undefined ? undefined : Number(code);
}

/** `Up 5 minutes (healthy)`, `(unhealthy)`, `(health: starting)`. */
function healthOf({ State: state, Status: status }: RawSummary): ContainerSummary["health"] {
  if (state !== "running" && state !== "paused") return "none";
  const word = /\((?:health: )?(healthy|unhealthy|starting)\)/.exec(status)?.[1];
  return word === "healthy" || word === "unhealthy" || word === "starting" ? word : "none";
}

function portsOf({ Ports: ports }: RawSummary): PortBinding[] {
  return (ports ?? []).flatMap((port) => {
    const parsed = rawPort.safeParse(port);
    if (!parsed.success) return [];
    const { PrivatePort: privatePort, Type: protocol, PublicPort: publicPort, IP: hostIp } = parsed.data;
    return [
      { privatePort, protocol, ...(publicPort ? { publicPort } : {}), ...(publicPort && hostIp ? { hostIp } : {}) },
    ];
  });
}

/** One item of `GET /containers/json`; undefined where it is not as the Engine API describes it. */
export function readContainerSummary(item: unknown): ContainerSummary | undefined {
  const parsed = rawSummary.safeParse(item);
  if (!parsed.success) return undefined;
  const raw = parsed.data;
  const exitCode = exitCodeOf(raw);
  return {
    id: raw.Id,
    name: nameOf(raw),
    image: raw.Image,
    imageId: raw.ImageID,
    command: raw.Command,
    createdAt: raw.Created * 1000,
    state: raw.State,
    health: healthOf(raw),
    ...(exitCode === undefined ? {} : { exitCode }),
    ports: portsOf(raw),
    labels: raw.Labels ?? {},
    networks: Object.keys(raw.NetworkSettings?.Networks ?? {}),
    volumes: (raw.Mounts ?? []).flatMap(({ Type: type, Name: name }) => (type === "volume" && name ? [name] : [])),
  };
}

import { z } from "zod";
import type { RunDefaults, RunRequest } from "#contract";
import { AppError, toAppError } from "#contract/errors.ts";
import { readTaken, suggestHostPort } from "./host-ports.ts";
import { inspectRaw, readEnv } from "./image-details.ts";
import { getList } from "./listing.ts";
import type { Session } from "./session.ts";

const createDeadlineMs = 60_000;

function suggestName(image: string, taken: ReadonlySet<string>): string {
  const repository =
    image
      .replace(/^sha256:/, "")
      .split("@")[0]
      ?.replace(/:[^/]*$/, "")
      .split("/")
      .at(-1) ?? "";
  const base = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(repository) ? repository.slice(0, 40) : "container";
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

const portSpec = /^(\d+)\/(tcp|udp|sctp)$/;

async function networkNames(session: Session, signal: AbortSignal): Promise<string[]> {
  const about = { verb: "list the networks of", kind: "engine" } as const;
  const { items } = await getList(
    session.http,
    { about, path: "/networks", signal },
    (item) => z.object({ Name: z.string() }).safeParse(item).data?.Name,
  );
  return items.toSorted();
}

/** What the run form starts with. Errors: not_found. */
export async function runDefaultsOf(session: Session, image: string, signal: AbortSignal): Promise<RunDefaults> {
  const [{ image: raw }, taken, networks] = await Promise.all([
    inspectRaw(session, image, signal),
    readTaken(session, signal),
    networkNames(session, signal),
  ]);
  const ports: RunDefaults["ports"] = [];
  for (const spec of Object.keys(raw.Config?.ExposedPorts ?? {})) {
    const [, number, protocol] = portSpec.exec(spec) ?? [];
    if (protocol !== "tcp" && protocol !== "udp" && protocol !== "sctp") continue;
    const containerPort = Number(number);
    const hostPort = await suggestHostPort({ containerPort, protocol }, taken);
    if (hostPort !== undefined) taken.ports.set(`${hostPort}/${protocol}`, "");
    ports.push({ containerPort, protocol, ...(hostPort === undefined ? {} : { hostPort }) });
  }
  const name = suggestName(/^[0-9a-f]{12,64}$|^sha256:/.test(image) ? (raw.RepoTags?.[0] ?? "") : image, taken.names);
  const env = readEnv(raw.Config?.Env ?? []);
  return { name, ports, env, volumes: Object.keys(raw.Config?.Volumes ?? {}), networks };
}

function createBody(request: RunRequest): Record<string, unknown> {
  const { image, command, env, network } = request;
  const key = ({ containerPort, protocol }: RunRequest["ports"][number]): string => `${containerPort}/${protocol}`;
  const bindings: Record<string, { HostPort: string }[]> = {};
  for (const port of request.ports) {
    const list = bindings[key(port)] ?? [];
    list.push({ HostPort: port.hostPort === undefined ? "" : String(port.hostPort) });
    bindings[key(port)] = list;
  }
  const named = request.volumes.filter(({ source }) => source !== "");
  const anonymous = request.volumes.filter(({ source }) => source === "");
  return {
    Image: image,
    ...(command.length > 0 ? { Cmd: command } : {}),
    Env: env.map(({ name, value }) => `${name}=${value}`),
    ExposedPorts: Object.fromEntries(request.ports.map((port) => [key(port), {}])),
    Volumes: Object.fromEntries(anonymous.map(({ target }) => [target, {}])),
    HostConfig: {
      PortBindings: bindings,
      Mounts: named.map(({ source, target, readOnly }) => ({
        Type: source.startsWith("/") || /^[A-Za-z]:[\\/]/.test(source) ? "bind" : "volume",
        Source: source,
        Target: target,
        ReadOnly: readOnly,
      })),
      ...(network === undefined ? {} : { NetworkMode: network }),
      ...(request.restart === "no" ? {} : { RestartPolicy: { Name: request.restart } }),
      ...(request.memoryBytes === undefined ? {} : { Memory: request.memoryBytes }),
      ...(request.cpus === undefined ? {} : { NanoCpus: Math.round(request.cpus * 1e9) }),
    },
  };
}

const createAnswer = z.object({ Id: z.string(), Warnings: z.array(z.string()).nullish() });
const inspectAnswer = z.object({
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(z.object({ HostPort: z.string() })).nullable()).nullish(),
  }),
});

/** Says which port is taken, and by which container where it is one. */
function portProblem(error: AppError): AppError {
  const port = /(?:bind for \S*?:|listen (?:tcp|udp)[46]? \S*?:)(\d+)/i.exec(error.message)?.[1];
  if (!port || !/already allocated|address already in use/i.test(error.message)) return error;
  const message = `Port ${port} is taken by another container or program on the engine's machine. Choose another host port.`;
  return new AppError("conflict", message, { cause: error, data: { port: Number(port) } });
}

async function publishedPorts(session: Session, id: string): Promise<RunRequest["ports"]> {
  const about = { verb: "inspect", kind: "container", name: id } as const;
  const answer = await session.http.json({ about, path: `/containers/${id}/json` }, inspectAnswer);
  return Object.entries(answer.NetworkSettings.Ports ?? {}).flatMap(([spec, bindings]) => {
    const [, number, protocol] = portSpec.exec(spec) ?? [];
    const hostPort = Number(bindings?.[0]?.HostPort);
    if (!hostPort || (protocol !== "tcp" && protocol !== "udp" && protocol !== "sctp")) return [];
    return [{ containerPort: Number(number), protocol, hostPort }];
  });
}

/**
 * `POST /containers/create` and a start. A container that cannot be started is removed again: it never ran, and would
 * keep the name taken. Errors: not_found (image), conflict (name, port), bad_request.
 */
export async function runImage(
  session: Session,
  request: RunRequest,
  signal: AbortSignal,
): Promise<{ id: string; ports: RunRequest["ports"]; warnings: string[] }> {
  const { name, image } = request;
  const about = { verb: "create", kind: "container", name: name ?? image, newName: name, image } as const;
  const create = {
    about,
    method: "POST",
    path: "/containers/create",
    query: { name },
    body: createBody(request),
  } as const;
  const created = await session.http.json({ ...create, deadlineMs: createDeadlineMs, signal }, createAnswer);
  const container = `/containers/${created.Id}`;
  try {
    const start = {
      about: { ...about, verb: "start", image: undefined },
      method: "POST",
      path: `${container}/start`,
    } as const;
    await session.http.send({ ...start, deadlineMs: createDeadlineMs, signal });
  } catch (error) {
    const remove = { about: { ...about, verb: "remove" }, method: "DELETE", path: container } as const;
    await session.http.send({ ...remove, query: { force: true, v: true } }).catch(() => {});
    throw portProblem(toAppError(error));
  }
  return { id: created.Id, ports: await publishedPorts(session, created.Id), warnings: created.Warnings ?? [] };
}

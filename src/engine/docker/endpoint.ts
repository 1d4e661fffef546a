import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Endpoint } from "#contract";
import { AppError } from "#contract/errors.ts";
import type { Address, TlsMaterial } from "./address.ts";
import { currentContextName, listContexts, readContext, readTlsFolder } from "./contexts.ts";
import { type DockerHost, parseDockerHost } from "./docker-host.ts";
import { usualHosts } from "./usual-sockets.ts";

/** An endpoint together with the way to it. */
export interface ReachableEndpoint {
  readonly endpoint: Endpoint;
  readonly address: Address;
}

/** The engine in Longshore's own virtual machine, seen from here. */
export interface MachineSource {
  /** Docker host URL of the running machine's engine; undefined while it does not run. */
  host(): string | undefined;
  /** Why there is none, and what to do. */
  explain(): { readonly why: string; readonly hints: readonly string[] };
  /** Calls back whenever the answers above change; returns the way to stop that. */
  subscribe(listener: () => void): () => void;
}

/** The user's surroundings, which decide where an engine is looked for. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly userHome: string;
  readonly platform: NodeJS.Platform;
  readonly machine?: MachineSource | undefined;
}

/** `auto`, `host`, `vm`, `context:NAME` or a Docker host URL, and who said so. */
export interface Choice {
  readonly value: string;
  readonly source: "option" | "setting";
}

type Source = Endpoint["source"];

function reachable({ host, address, insecure }: DockerHost, source: Source, context?: string): ReachableEndpoint {
  return { address, endpoint: { host, source, insecure, ...(context ? { context } : {}) } };
}

/** Folder of Docker's config.json. */
export function configFolder({ env, userHome }: Surroundings): string {
  return env.DOCKER_CONFIG || join(userHome, ".docker");
}

/** TLS as the docker CLI takes it from the environment: DOCKER_TLS_VERIFY, DOCKER_TLS and DOCKER_CERT_PATH. */
function tlsOfEnvironment(around: Surroundings): TlsMaterial | undefined {
  const { env } = around;
  const verify = Boolean(env.DOCKER_TLS_VERIFY);
  if (!verify && !env.DOCKER_TLS) return undefined;
  const folder = env.DOCKER_CERT_PATH || configFolder(around);
  const material = readTlsFolder(folder, verify);
  if (material || !env.DOCKER_CERT_PATH) return material ?? { verify };
  const advice = "Correct DOCKER_CERT_PATH, or unset DOCKER_TLS_VERIFY.";
  throw new AppError("bad_request", `There is no ca.pem, cert.pem or key.pem in ${folder}. ${advice}`);
}

function isThere({ address }: ReachableEndpoint): boolean {
  return address.kind !== "socket" || existsSync(address.path);
}

function usual(around: Surroundings): ReachableEndpoint[] {
  const { platform, userHome, env } = around;
  return usualHosts({ platform, userHome, runtimeFolder: env.XDG_RUNTIME_DIR })
    .map((host) => reachable(parseDockerHost(host, { origin: "The usual socket" }), "default"))
    .filter(isThere);
}

function hostCandidates(around: Surroundings): ReachableEndpoint[] {
  const { env } = around;
  if (env.DOCKER_HOST) {
    const tls = tlsOfEnvironment(around);
    return [reachable(parseDockerHost(env.DOCKER_HOST, { tls, origin: "DOCKER_HOST" }), "DOCKER_HOST")];
  }
  const folder = configFolder(around);
  const name = currentContextName(folder, env);
  if (name) return [reachable(readContext(folder, name).endpoint, "context", name)];
  return usual(around);
}

function machineCandidates({ machine }: Surroundings): ReachableEndpoint[] {
  const host = machine?.host();
  return host ? [reachable(parseDockerHost(host, { origin: "The machine" }), "machine")] : [];
}

/**
 * Where to look for the chosen engine, in order; empty where nothing is there. Read anew for each attempt to connect,
 * because contexts, sockets and the machine come and go. Errors: bad_request for an address that is none.
 */
export function findEndpoints(choice: Choice, around: Surroundings): readonly ReachableEndpoint[] {
  const { value, source } = choice;
  if (value === "host") return hostCandidates(around);
  if (value === "vm") return machineCandidates(around);
  if (value === "auto") return [...hostCandidates(around), ...machineCandidates(around)];
  if (value.startsWith("context:")) {
    const name = value.slice("context:".length);
    return [reachable(readContext(configFolder(around), name).endpoint, source, name)];
  }
  const origin = source === "option" ? "--engine" : "The engine in Settings";
  return [reachable(parseDockerHost(value, { tls: tlsOfEnvironment(around), origin }), source)];
}

/** What the choice names, as it was written, for words about an address that cannot be used. */
export function namedEndpoint({ value, source }: Choice, around: Surroundings): Endpoint {
  const { env } = around;
  if (value !== "auto" && value !== "host") return { host: value, source, insecure: false };
  if (env.DOCKER_HOST) return { host: env.DOCKER_HOST, source: "DOCKER_HOST", insecure: false };
  const context = currentContextName(configFolder(around), env) ?? "default";
  return { host: context, source: "context", context, insecure: false };
}

/** Every engine that this machine knows of: DOCKER_HOST, contexts, usual sockets and the machine, without doubles. */
export function discoverEndpoints(around: Surroundings): readonly Endpoint[] {
  const contexts = listContexts(configFolder(around)).map(({ name, endpoint }) => reachable(endpoint, "context", name));
  const found = [...quietly(() => hostCandidates(around)), ...contexts, ...usual(around), ...machineCandidates(around)];
  const byHost = new Map<string, Endpoint>();
  for (const { endpoint } of found) if (!byHost.has(endpoint.host)) byHost.set(endpoint.host, endpoint);
  return [...byHost.values()];
}

/** A wrong DOCKER_HOST is told when it is used; it must not hide the other engines. */
function quietly(find: () => ReachableEndpoint[]): ReachableEndpoint[] {
  try {
    return find();
  } catch {
    return [];
  }
}

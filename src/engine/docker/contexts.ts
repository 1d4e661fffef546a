import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "#contract/errors.ts";
import type { TlsMaterial } from "./address.ts";
import { type DockerHost, parseDockerHost } from "./docker-host.ts";

/** A docker context, as `docker context ls` shows it. */
export interface DockerContext {
  readonly name: string;
  readonly endpoint: DockerHost;
}

const configFile = z.object({ currentContext: z.string().optional() });

const metaFile = z.object({
  Name: z.string(),
  Endpoints: z.object({ docker: z.object({ Host: z.string(), SkipTLSVerify: z.boolean().default(false) }) }),
});

function readJson<T extends z.ZodType>(path: string, schema: T): z.output<T> | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // Missing or damaged: these are the docker CLI's files, and it says so itself; we go on without.
    return undefined;
  }
}

/** `ca.pem`, `cert.pem` and `key.pem` of a folder, each if it is there; undefined where none is. */
export function readTlsFolder(folder: string, verify: boolean): TlsMaterial | undefined {
  const files = { ca: "ca.pem", cert: "cert.pem", key: "key.pem" } as const;
  const found = Object.entries(files).filter(([, file]) => existsSync(join(folder, file)));
  if (found.length === 0) return undefined;
  return { verify, ...Object.fromEntries(found.map(([name, file]) => [name, readFileSync(join(folder, file))])) };
}

/** The docker CLI's choice of context: DOCKER_CONTEXT, then `currentContext` of config.json; undefined for `default`. */
export function currentContextName(configFolder: string, env: NodeJS.ProcessEnv): string | undefined {
  const name = env.DOCKER_CONTEXT || readJson(join(configFolder, "config.json"), configFile)?.currentContext;
  return name && name !== "default" ? name : undefined;
}

function readFolder(configFolder: string, hash: string): DockerContext | undefined {
  const meta = readJson(join(configFolder, "contexts", "meta", hash, "meta.json"), metaFile);
  if (!meta) return undefined;
  const { Host: host, SkipTLSVerify: skip } = meta.Endpoints.docker;
  const tls = readTlsFolder(join(configFolder, "contexts", "tls", hash, "docker"), !skip);
  const origin = `The docker context ${meta.Name}`;
  return { name: meta.Name, endpoint: parseDockerHost(host, { tls, origin }) };
}

/** A context by name (`contexts/meta/<sha256 of the name>/meta.json`). Errors: bad_request. */
export function readContext(configFolder: string, name: string): DockerContext {
  const context = readFolder(configFolder, createHash("sha256").update(name).digest("hex"));
  if (context) return context;
  const advice = "See `docker context ls`, and choose one with `docker context use`, or unset DOCKER_CONTEXT.";
  throw new AppError("bad_request", `There is no docker context "${name}" in ${configFolder}. ${advice}`);
}

/** All contexts that can be read. */
export function listContexts(configFolder: string): readonly DockerContext[] {
  const folder = join(configFolder, "contexts", "meta");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((hash) => {
    try {
      return readFolder(configFolder, hash) ?? [];
    } catch {
      // One context with an address that we cannot parse must not hide the others.
      return [];
    }
  });
}

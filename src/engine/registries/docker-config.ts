import { join } from "node:path";
import { z } from "zod";
import { readIfThere } from "../settings/file.ts";
import { type Login, registryOf } from "./login.ts";

const config = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});

/** What Docker's own config.json says about logins. Longshore reads it and never writes it. */
export interface DockerConfig {
  readonly path: string;
  /** Logins in base64, which is plain text to whoever reads the file. */
  readonly plain: ReadonlyMap<string, Login>;
  /** Registries that have a login with a helper, by their keys in `auths`. */
  readonly named: readonly string[];
  helperFor(registry: string): string | undefined;
  readonly helpers: readonly string[];
  /** Why the file could not be read, if so. */
  readonly problem?: string;
}

function decode(auth: string): Login | undefined {
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  // Some versions of Docker pad the secret with NUL.
  return colon <= 0 ? undefined : { user: text.slice(0, colon), secret: text.slice(colon + 1).replace(/\0+$/, "") };
}

function read(path: string, text: string): DockerConfig {
  const { auths = {}, credsStore, credHelpers = {} } = config.parse(JSON.parse(text));
  const plain = new Map<string, Login>();
  for (const [key, { auth, identitytoken }] of Object.entries(auths)) {
    const login = identitytoken ? { user: "<token>", secret: identitytoken } : auth ? decode(auth) : undefined;
    if (login) plain.set(registryOf(key), login);
  }
  const byRegistry = new Map(Object.entries(credHelpers).map(([key, helper]) => [registryOf(key), helper]));
  return {
    path,
    plain,
    named: Object.keys(auths).map(registryOf),
    helperFor: (registry) => byRegistry.get(registry) ?? (credsStore || undefined),
    helpers: [...new Set([...(credsStore ? [credsStore] : []), ...byRegistry.values()])],
  };
}

/** Reads config.json anew: the docker CLI may have changed it. A broken one counts as empty, and says so. */
export async function readDockerConfig(folder: string): Promise<DockerConfig> {
  const path = join(folder, "config.json");
  try {
    return read(path, (await readIfThere(path)) ?? "{}");
  } catch {
    const problem = `${path} cannot be read, so logins that the docker command keeps are not used. Check that it is valid JSON.`;
    return { ...read(path, "{}"), problem };
  }
}

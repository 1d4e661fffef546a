import type { CredentialPlace } from "#contract/registries.ts";

/** What lets a user into a registry. */
export interface Login {
  readonly user: string;
  /** A password or access token; with `<token>` as the user, an identity token. */
  readonly secret: string;
}

export interface KnownLogin {
  readonly registry: string;
  readonly user: string;
  readonly place: CredentialPlace;
  /** Name of the helper, or the path of the file. */
  readonly detail: string;
}

/** The user name under which helpers keep identity tokens (docker/cli, cli/config/credentials). */
const tokenUser = "<token>";

const hubKey = "https://index.docker.io/v1/";

/** The name under which Docker keeps the login of a registry. */
export function keyOf(registry: string): string {
  return registry === "docker.io" ? hubKey : registry;
}

/** The registry of a key, which older versions of Docker wrote as a URL. */
export function registryOf(key: string): string {
  const host = key.replace(/^https?:\/\//, "").split("/")[0] ?? "";
  return host === "index.docker.io" || host === "registry-1.docker.io" ? "docker.io" : host;
}

/** The `X-Registry-Auth` header (Engine API, "Authentication"); "" without a login. */
export function authHeader(registry: string, login: Login | undefined): string {
  if (!login) return "";
  const serveraddress = keyOf(registry);
  const { user, secret } = login;
  const auth = user === tokenUser ? { identitytoken: secret } : { username: user, password: secret };
  return Buffer.from(JSON.stringify({ ...auth, serveraddress })).toString("base64url");
}

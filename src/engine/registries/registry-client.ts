import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "#contract/errors.ts";
import { type Challenge, parseChallenge } from "./challenge.ts";
import type { Login } from "./login.ts";
import { getOnce, isNoTls, type RegistryAnswer, type Trust, toRegistryError } from "./registry-http.ts";

const hubHost = "registry-1.docker.io";
const pageSize = 1_000;
/** Ten thousand tags are more than anybody picks from. */
const maxPages = 10;

const tagsAnswer = z.object({ tags: z.array(z.string()).nullish() });
const catalogAnswer = z.object({ repositories: z.array(z.string()).nullish() });
const tokenAnswer = z.object({ token: z.string().optional(), access_token: z.string().optional() });

export interface RegistryTarget {
  /** Host with port, for example `docker.io`. */
  readonly address: string;
  readonly insecure: boolean;
  readonly login: Login | undefined;
  /** Docker's folders that hold `certs.d`. */
  readonly certificateFolders: readonly string[];
}

/** `certs.d/HOST/*.crt`, as dockerd and Docker Desktop keep authorities of single registries. */
async function readAuthorities({ address, certificateFolders }: RegistryTarget): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for (const folder of certificateFolders) {
    const path = join(folder, "certs.d", address);
    const names = await readdir(path).catch(() => []);
    for (const name of names.filter((file) => file.endsWith(".crt"))) found.push(await readFile(join(path, name)));
  }
  return found;
}

function isLoopback(address: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(address);
}

function basic({ user, secret }: Login): string {
  return `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
}

/** One conversation with a registry by the distribution API (`/v2/`), with its authentication. */
export class RegistryClient {
  readonly #target: RegistryTarget;
  readonly #signal: AbortSignal;
  #trust: Trust | undefined;
  #scheme: "https:" | "http:" = "https:";
  #authorization: string | undefined;

  constructor(target: RegistryTarget, signal: AbortSignal) {
    this.#target = target;
    this.#signal = signal;
  }

  /** `GET /v2/`: whether it is a registry and lets this login in. Errors: permission, unavailable. */
  async check(): Promise<void> {
    const { status } = await this.#get("/v2/", "");
    if (status !== 200) throw this.#refused(status, "use it");
  }

  /** Tags of a repository. Errors: not_found, permission, unavailable. */
  async tags(repository: string): Promise<{ names: string[]; more: boolean }> {
    const path = `/v2/${repository}/tags/list?n=${pageSize}`;
    const scope = `repository:${repository}:pull`;
    return this.#pages(path, scope, (body) => parse(tagsAnswer, body).tags ?? []);
  }

  /** Names of its repositories. Errors: conflict where it does not tell. */
  async repositories(): Promise<{ names: string[]; more: boolean }> {
    const path = `/v2/_catalog?n=${pageSize}`;
    return this.#pages(path, "registry:catalog:*", (body) => parse(catalogAnswer, body).repositories ?? []);
  }

  async #pages(
    first: string,
    scope: string,
    read: (body: string) => readonly string[],
  ): Promise<{ names: string[]; more: boolean }> {
    const names: string[] = [];
    let path: string | undefined = first;
    for (let page = 0; path !== undefined && page < maxPages; page += 1) {
      const answer = await this.#get(path, scope);
      if (answer.status !== 200) throw this.#refused(answer.status, scope);
      names.push(...this.#mapped(() => read(answer.body)));
      path = this.#nextPage(answer, path);
    }
    return { names, more: path !== undefined };
  }

  /** `Link: </v2/…?last=x>; rel="next"`; one that leads to another host is not followed. */
  #nextPage({ headers }: RegistryAnswer, current: string): string | undefined {
    const link = /<([^>]+)>\s*;\s*rel="?next"?/.exec(String(headers.link ?? ""))?.[1];
    if (link === undefined) return undefined;
    const base = this.#url(current);
    const next = URL.parse(link, base.href);
    return next && next.host === base.host ? `${next.pathname}${next.search}` : undefined;
  }

  #url(path: string): URL {
    const { address } = this.#target;
    return new URL(path, `${this.#scheme}//${address === "docker.io" ? hubHost : address}`);
  }

  async #get(path: string, scope: string): Promise<RegistryAnswer> {
    const first = await this.#send(path);
    if (first.status !== 401) return this.#noRedirect(first);
    const challenge = parseChallenge(String(first.headers["www-authenticate"] ?? ""));
    if (!challenge) throw this.#refused(401, scope);
    this.#authorization = await this.#answerTo(challenge, scope);
    return this.#noRedirect(await this.#send(path));
  }

  /** A registry has no reason to send its lists elsewhere; a login must not follow there. */
  #noRedirect(answer: RegistryAnswer): RegistryAnswer {
    if (answer.status < 300 || answer.status > 399) return answer;
    const { address } = this.#target;
    const to = URL.parse(String(answer.headers.location ?? ""), this.#url("/").href)?.host ?? "nowhere";
    const message = `${address} sends its answer to ${to.slice(0, 100)}, where Longshore does not follow. Use that registry's own address.`;
    throw new AppError("unavailable", message, { data: { reason: "redirect", registry: address } });
  }

  async #answerTo({ scheme, parameters }: Challenge, scope: string): Promise<string | undefined> {
    const { login, address } = this.#target;
    if (scheme === "basic") {
      if (!login) throw this.#refused(401, scope);
      return basic(login);
    }
    const realm = URL.parse(parameters.realm ?? "");
    const local = realm !== null && isLoopback(realm.host);
    if (!realm || (realm.protocol !== "https:" && !(realm.protocol === "http:" && (local || this.#target.insecure)))) {
      const message = `${address} names no safe place to log in (${(parameters.realm ?? "none").slice(0, 100)}).`;
      throw new AppError("unavailable", message, { data: { reason: "tls", registry: address } });
    }
    if (parameters.service) realm.searchParams.set("service", parameters.service);
    const wanted = parameters.scope ?? scope;
    if (wanted) realm.searchParams.set("scope", wanted);
    return `Bearer ${await this.#fetchToken(realm)}`;
  }

  async #fetchToken(realm: URL): Promise<string> {
    const { login } = this.#target;
    const headers = login ? { authorization: basic(login) } : {};
    const trust = await this.#trusted();
    try {
      const answer = await getOnce({ url: realm, headers, trust, signal: this.#signal });
      if (answer.status !== 200) throw this.#refused(answer.status, "log in");
      const { token, access_token: other } = parse(tokenAnswer, answer.body);
      if (token || other) return token ?? other ?? "";
      throw this.#refused(401, "log in");
    } catch (error) {
      throw toRegistryError(error, realm.host, this.#signal);
    }
  }

  async #trusted(): Promise<Trust> {
    this.#trust ??= { ca: await readAuthorities(this.#target), insecure: this.#target.insecure };
    return this.#trust;
  }

  async #send(path: string): Promise<RegistryAnswer> {
    const { address, insecure } = this.#target;
    const trust = await this.#trusted();
    const headers = this.#authorization ? { authorization: this.#authorization } : {};
    try {
      return await getOnce({ url: this.#url(path), headers, trust, signal: this.#signal });
    } catch (error) {
      // As Docker does: plain http to this machine itself is no risk; to others only if the user said so.
      if (!isNoTls(error) || this.#scheme === "http:" || !(insecure || isLoopback(address))) {
        throw toRegistryError(error, address, this.#signal);
      }
      this.#scheme = "http:";
      return this.#send(path);
    }
  }

  #mapped<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      const { address } = this.#target;
      const message = `${address} gave an answer that is not a registry's. Check the address.`;
      throw new AppError("unavailable", message, { cause: error });
    }
  }

  #refused(status: number, scope: string): AppError {
    const { address, login } = this.#target;
    const data = { registry: address, status };
    if (status === 401 || status === 403) {
      const message = login
        ? `${address} does not let ${login.user} do that. Check the login, or the rights of this user.`
        : `${address} asks for a login.`;
      return new AppError("permission", message, { data: { ...data, reason: "unauthorised" } });
    }
    if (status === 429) {
      const message = `${address} takes no more requests for now (its rate limit). Log in to raise it, or try again later.`;
      return new AppError("unavailable", message, { data: { ...data, reason: "rate_limit" } });
    }
    if (status === 404 && scope.startsWith("registry:")) {
      return new AppError("conflict", `${address} does not list its repositories. Type a repository's name instead.`);
    }
    if (status === 404 && scope.startsWith("repository:")) {
      const message = `${address} has no repository ${scope.split(":")[1]}. Check the name.`;
      return new AppError("not_found", message, { data: { ...data, reason: "not_found" } });
    }
    return new AppError("unavailable", `${address} answers with status ${status}, so it may be no registry.`, { data });
  }
}

function parse<T extends z.ZodType>(schema: T, body: string): z.output<T> {
  return schema.parse(JSON.parse(body));
}

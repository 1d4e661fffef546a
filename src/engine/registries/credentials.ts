import { AppError, toAppError } from "#contract/errors.ts";
import { CredentialHelper } from "./credential-helper.ts";
import type { CredentialVault } from "./credential-vault.ts";
import { type DockerConfig, readDockerConfig } from "./docker-config.ts";
import type { KnownLogin, Login } from "./login.ts";

interface Keeper {
  readonly place: "helper" | "encrypted" | "session";
  readonly detail: string;
}

interface Options {
  readonly vault: CredentialVault;
  /** Folder of Docker's config.json. */
  readonly dockerFolder: string;
  /** Of this process: helpers are looked for on its path. */
  readonly env: NodeJS.ProcessEnv;
}

/** Logins for registries, wherever they are kept: a docker credential helper, Longshore's vault, or config.json. */
export class Credentials {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The login to use, or undefined. Errors: unavailable where a helper fails; bad_request for a helper's bad name. */
  async find(registry: string): Promise<Login | undefined> {
    const own = await this.#options.vault.get(registry);
    if (own) return own;
    const config = await this.#config();
    const helper = config.helperFor(registry);
    if (helper !== undefined) {
      const login = await this.#helper(helper).get(registry);
      if (login) return login;
    }
    return config.plain.get(registry);
  }

  /** Where a new login would be kept. */
  async keeperFor(registry: string): Promise<Keeper> {
    const helper = (await this.#config()).helperFor(registry);
    if (helper !== undefined) return { place: "helper", detail: this.#helper(helper).name };
    const box = await this.#options.vault.box();
    return box ? { place: "encrypted", detail: box.name } : { place: "session", detail: "" };
  }

  async keep(registry: string, login: Login): Promise<Keeper> {
    const keeper = await this.keeperFor(registry);
    if (keeper.place === "helper") await this.#helper(keeper.detail).store(registry, login);
    else await this.#options.vault.set(registry, login);
    return keeper;
  }

  /** Errors: not_found where there is none; conflict where it stands in config.json, which is the docker command's. */
  async forget(registry: string): Promise<void> {
    const config = await this.#config();
    const helper = config.helperFor(registry);
    const inVault = await this.#options.vault.delete(registry);
    const inHelper = helper !== undefined && (await this.#helper(helper).get(registry)) !== undefined;
    if (inHelper) await this.#helper(helper).erase(registry);
    if (config.plain.has(registry)) {
      const message = `The login for ${registry} stands in ${config.path}, which belongs to the docker command. Run: docker logout ${registry === "docker.io" ? "" : registry}`;
      throw new AppError("conflict", message.trimEnd());
    }
    if (!inVault && !inHelper) throw new AppError("not_found", `There is no login for ${registry}.`);
  }

  /** All that are known, without their secrets; `warnings` say what could not be read and what is kept in plain text. */
  async list(): Promise<{ logins: KnownLogin[]; warnings: string[] }> {
    const config = await this.#config();
    const warnings = config.problem === undefined ? [] : [config.problem];
    const byRegistry = new Map<string, KnownLogin>();
    for (const [registry, { user }] of config.plain) {
      byRegistry.set(registry, { registry, user, place: "plain_config", detail: config.path });
      warnings.push(
        `The login for ${registry} lies unencrypted (base64) in ${config.path}. Log in here after setting up a credential helper, and run docker logout.`,
      );
    }
    for (const name of config.helpers) {
      const users = await this.#listOf(name, warnings);
      for (const [registry, user] of users) byRegistry.set(registry, { registry, user, place: "helper", detail: name });
    }
    for (const [registry, { user, keeper }] of await this.#options.vault.list()) {
      const place = keeper === "" ? "session" : "encrypted";
      byRegistry.set(registry, { registry, user, place, detail: keeper });
    }
    return { logins: [...byRegistry.values()], warnings };
  }

  async #listOf(name: string, warnings: string[]): Promise<Map<string, string>> {
    try {
      return await this.#helper(name).list();
    } catch (error) {
      warnings.push(toAppError(error).message);
      return new Map();
    }
  }

  #config(): Promise<DockerConfig> {
    return readDockerConfig(this.#options.dockerFolder);
  }

  #helper(name: string): CredentialHelper {
    return new CredentialHelper(name, this.#options.env);
  }
}

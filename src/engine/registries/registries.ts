import { AppError } from "#contract/errors.ts";
import type { Registry } from "#contract/registries.ts";
import type { Credentials } from "./credentials.ts";
import type { Login } from "./login.ts";
import type { RegistryBook } from "./registry-book.ts";
import { RegistryClient } from "./registry-client.ts";

interface Parts {
  readonly book: RegistryBook;
  readonly credentials: Credentials;
  /** Folders that hold `certs.d`. */
  readonly certificateFolders: readonly string[];
}

const hub = "docker.io";

/** The registries that the user works with, and conversations with them. */
export class Registries {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Docker Hub first, then those the user added, then those with a login. */
  async list(): Promise<{ registries: Registry[]; warnings: string[] }> {
    const { book, credentials } = this.#parts;
    const [saved, { logins, warnings }] = await Promise.all([book.list(), credentials.list()]);
    const savedByAddress = new Map(saved.map((entry) => [entry.address, entry]));
    const addresses = new Set([hub, ...savedByAddress.keys(), ...logins.map(({ registry }) => registry)]);
    const registries = [...addresses].map((address): Registry => {
      const entry = savedByAddress.get(address);
      const login = logins.find(({ registry }) => registry === address);
      const { user = "", place = "session", detail = "" } = login ?? {};
      const facts = { address, saved: entry !== undefined, insecure: entry?.insecure ?? false };
      return login ? { ...facts, login: { user, place, detail } } : facts;
    });
    return { registries, warnings };
  }

  /** A conversation with a registry, by the kept login or by the one given. */
  async open(address: string, signal: AbortSignal, login?: Login): Promise<RegistryClient> {
    const { book, credentials, certificateFolders } = this.#parts;
    const saved = (await book.list()).find((entry) => entry.address === address);
    const target = {
      address,
      insecure: saved?.insecure ?? false,
      login: login ?? (await credentials.find(address)),
      certificateFolders,
    };
    return new RegistryClient(target, signal);
  }

  /** Checks the login with the registry before it is kept. Errors: permission, unavailable. */
  async login(
    { address, user, password }: { address: string; user: string; password: string },
    signal: AbortSignal,
  ): Promise<Awaited<ReturnType<Credentials["keep"]>>> {
    const login = { user, secret: password };
    const client = await this.open(address, signal, login);
    await client.check().catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== "permission") throw error;
      const message = `${address} refused this user and password. Type them again.`;
      throw new AppError("permission", message, { cause: error, data: { reason: "unauthorised" } });
    });
    const keeper = await this.#parts.credentials.keep(address, login);
    const known = (await this.#parts.book.list()).some((entry) => entry.address === address);
    if (!known && address !== hub) await this.#parts.book.save({ address, insecure: false });
    return keeper;
  }
}

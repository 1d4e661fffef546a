import { join } from "node:path";
import { z } from "zod";
import { readIfThere, replaceFile } from "../settings/file.ts";
import type { Login } from "./login.ts";

/** The operating system's encryption for one user, which only some hosts have. */
export interface SecretBox {
  /** Name of what holds the key, for the screen, for example `Keychain`. */
  readonly name: string;
  encrypt(text: string): Promise<Uint8Array>;
  /** `isStale`: a newer key should encrypt it from now on. Rejects where the key is another one. */
  decrypt(bytes: Uint8Array): Promise<{ text: string; isStale: boolean }>;
}

/** Opens the host's box, or says that there is none. It may ask the user, so it is called only where a login is due. */
export type OpenSecretBox = () => Promise<SecretBox | undefined>;

const stored = z.object({
  version: z.literal(1),
  logins: z.record(z.string(), z.object({ user: z.string(), secret: z.string() })),
});

/** Where Longshore keeps logins itself: encrypted where the host can, else in memory until it ends. Never in plain text. */
export class CredentialVault {
  readonly #path: string;
  readonly #open: OpenSecretBox;
  readonly #session = new Map<string, Login>();
  #box: Promise<SecretBox | undefined> | undefined;

  constructor(home: string, open: OpenSecretBox | undefined) {
    this.#path = join(home, "credentials.json");
    this.#open = open ?? (() => Promise.resolve(undefined));
  }

  /** The host's box, opened once. One that cannot be opened counts as none. */
  box(): Promise<SecretBox | undefined> {
    this.#box ??= this.#open().catch(() => undefined);
    return this.#box;
  }

  async get(registry: string): Promise<Login | undefined> {
    const inMemory = this.#session.get(registry);
    if (inMemory) return inMemory;
    const entry = (await this.#read())[registry];
    const box = entry && (await this.box());
    if (!box) return undefined;
    try {
      const { text: secret, isStale } = await box.decrypt(Buffer.from(entry.secret, "base64"));
      const login = { user: entry.user, secret };
      if (isStale) await this.set(registry, login);
      return login;
    } catch {
      // The key is another one (a copied folder, a new keychain): the login must be given anew.
      return undefined;
    }
  }

  async set(registry: string, { user, secret }: Login): Promise<void> {
    const box = await this.box();
    if (!box) {
      this.#session.set(registry, { user, secret });
      return;
    }
    const encrypted = Buffer.from(await box.encrypt(secret)).toString("base64");
    await this.#write({ ...(await this.#read()), [registry]: { user, secret: encrypted } });
  }

  /** True where there was one. */
  async delete(registry: string): Promise<boolean> {
    const inMemory = this.#session.delete(registry);
    const { [registry]: entry, ...rest } = await this.#read();
    if (entry) await this.#write(rest);
    return inMemory || entry !== undefined;
  }

  /** Users by registry, and the name of what holds the key; "" for those in memory. */
  async list(): Promise<Map<string, { user: string; keeper: string }>> {
    const inMemory = [...this.#session].map(([registry, { user }]) => [registry, { user, keeper: "" }] as const);
    const entries = Object.entries(await this.#read());
    const box = entries.length > 0 ? await this.box() : undefined;
    const kept = box ? entries.map(([registry, { user }]) => [registry, { user, keeper: box.name }] as const) : [];
    return new Map([...inMemory, ...kept]);
  }

  async #read(): Promise<z.infer<typeof stored>["logins"]> {
    try {
      return stored.parse(JSON.parse((await readIfThere(this.#path)) ?? "")).logins;
    } catch {
      return {};
    }
  }

  async #write(logins: z.infer<typeof stored>["logins"]): Promise<void> {
    await replaceFile(this.#path, JSON.stringify({ version: 1, logins }));
  }
}

import { join } from "node:path";
import { z } from "zod";
import { readIfThere, replaceFile } from "../settings/file.ts";
import type { Login } from "./login.ts";

/** The operating system's encryption for one user, which only some hosts have. */
export interface SecretBox {
  /** Name of what holds the key, for the screen, for example `Keychain`. */
  readonly name: string;
  encrypt(text: string): Promise<Uint8Array>;
  decrypt(bytes: Uint8Array): Promise<string>;
}

const stored = z.object({
  version: z.literal(1),
  logins: z.record(z.string(), z.object({ user: z.string(), secret: z.string() })),
});

/** Where Longshore keeps logins itself: encrypted where the host can, else in memory until it ends. Never in plain text. */
export class CredentialVault {
  readonly box: SecretBox | undefined;
  readonly #path: string;
  readonly #session = new Map<string, Login>();

  constructor(home: string, box: SecretBox | undefined) {
    this.#path = join(home, "credentials.json");
    this.box = box;
  }

  async get(registry: string): Promise<Login | undefined> {
    const inMemory = this.#session.get(registry);
    if (inMemory || !this.box) return inMemory;
    const entry = (await this.#read())[registry];
    if (!entry) return undefined;
    try {
      const secret = await this.box.decrypt(Buffer.from(entry.secret, "base64"));
      return { user: entry.user, secret };
    } catch {
      // The key is another one (a copied folder, a new keychain): the login must be given anew.
      return undefined;
    }
  }

  async set(registry: string, { user, secret }: Login): Promise<void> {
    if (!this.box) {
      this.#session.set(registry, { user, secret });
      return;
    }
    const encrypted = Buffer.from(await this.box.encrypt(secret)).toString("base64");
    await this.#write({ ...(await this.#read()), [registry]: { user, secret: encrypted } });
  }

  /** True where there was one. */
  async delete(registry: string): Promise<boolean> {
    const inMemory = this.#session.delete(registry);
    const { [registry]: entry, ...rest } = await this.#read();
    if (entry) await this.#write(rest);
    return inMemory || entry !== undefined;
  }

  /** Users by registry. */
  async list(): Promise<Map<string, string>> {
    const users = new Map([...this.#session].map(([registry, { user }]) => [registry, user]));
    if (this.box) for (const [registry, { user }] of Object.entries(await this.#read())) users.set(registry, user);
    return users;
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

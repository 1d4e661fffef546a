import { join } from "node:path";
import { z } from "zod";
import { registryAddress } from "#contract/registries.ts";
import { readIfThere, replaceFile } from "../settings/file.ts";

const entry = z.object({ address: registryAddress, insecure: z.boolean() });
const stored = z.object({ version: z.literal(1), registries: z.array(entry) });

export type SavedRegistry = z.infer<typeof entry>;

/** `HOME/registries.json`: the registries that the user added. It holds no logins. */
export class RegistryBook {
  readonly #path: string;

  constructor(home: string) {
    this.#path = join(home, "registries.json");
  }

  async list(): Promise<readonly SavedRegistry[]> {
    try {
      return stored.parse(JSON.parse((await readIfThere(this.#path)) ?? "")).registries;
    } catch {
      return [];
    }
  }

  async save(registry: SavedRegistry): Promise<void> {
    const others = (await this.list()).filter(({ address }) => address !== registry.address);
    await this.#write([...others, registry]);
  }

  async delete(address: string): Promise<void> {
    await this.#write((await this.list()).filter((registry) => registry.address !== address));
  }

  async #write(registries: readonly SavedRegistry[]): Promise<void> {
    await replaceFile(this.#path, JSON.stringify({ version: 1, registries }, null, 2));
  }
}

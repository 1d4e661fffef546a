import { join } from "node:path";
import { z } from "zod";
import type { VolumeFacts } from "#contract";
import { AppError } from "#contract/errors.ts";
import { Cell } from "../cell.ts";
import { readIfThere, replaceFile } from "../settings/file.ts";

const size = z.object({ name: z.string(), sizeBytes: z.number(), measuredAt: z.number() });
const engineFacts = z.object({ protected: z.array(z.string()), sizes: z.array(size) });
const fileSchema = z.record(z.string(), engineFacts);

type EngineFacts = z.infer<typeof engineFacts>;
const noFacts: EngineFacts = { protected: [], sizes: [] };

/** What Longshore remembers of volumes, by engine: `HOME/volumes.json`. */
export class FactStore {
  readonly current: Cell<VolumeFacts>;
  readonly #path: string;
  readonly #backupFolder: string;
  #engines: Record<string, EngineFacts>;
  #engine = "";
  #written: Promise<void> = Promise.resolve();

  private constructor(home: string, engines: Record<string, EngineFacts>) {
    this.#path = join(home, "volumes.json");
    this.#backupFolder = join(home, "backups");
    this.#engines = engines;
    this.current = new Cell<VolumeFacts>({ ...noFacts, backupFolder: this.#backupFolder });
  }

  /** A file that cannot be read is not written over: what it protects must not be forgotten. Errors: unavailable. */
  static async open(home: string): Promise<FactStore> {
    const path = join(home, "volumes.json");
    const text = await readIfThere(path);
    if (text === undefined) return new FactStore(home, {});
    try {
      return new FactStore(home, fileSchema.parse(JSON.parse(text)));
    } catch (cause) {
      const backup = await readIfThere(`${path}.bak`).catch(() => undefined);
      const parsed = fileSchema.safeParse(tryJson(backup));
      if (parsed.success) return new FactStore(home, parsed.data);
      const message = `${path} is damaged; it says which volumes are protected. Mend it, or move it away, and start again.`;
      throw new AppError("unavailable", message, { cause });
    }
  }

  /** Turns to the facts of another engine, by the engine's own id. */
  turnTo(id: string): void {
    this.#engine = id;
    this.#announce();
  }

  isProtected(volume: string): boolean {
    return this.#facts.protected.includes(volume);
  }

  /** Errors: conflict where the volume is protected. */
  requireChangeable(volume: string): void {
    if (!this.isProtected(volume)) return;
    throw new AppError("conflict", `${volume} is protected. Remove its protection before you change it.`, {
      data: { reason: "protected" },
    });
  }

  async protect(volume: string, isProtected: boolean): Promise<void> {
    const others = this.#facts.protected.filter((name) => name !== volume);
    await this.#set({ ...this.#facts, protected: isProtected ? [...others, volume].toSorted() : others });
  }

  async noteSizes(sizes: readonly { name: string; sizeBytes: number }[]): Promise<void> {
    const measuredAt = Date.now();
    const fresh = new Map(this.#facts.sizes.map((entry) => [entry.name, entry]));
    for (const { name, sizeBytes } of sizes) fresh.set(name, { name, sizeBytes, measuredAt });
    await this.#set({ ...this.#facts, sizes: [...fresh.values()] });
  }

  /** A volume of this name is gone: another one by the same name is not the same. */
  async forget(volume: string): Promise<void> {
    const { protected: kept, sizes } = this.#facts;
    if (!kept.includes(volume) && !sizes.some(({ name }) => name === volume)) return;
    const others = sizes.filter(({ name }) => name !== volume);
    await this.#set({ protected: kept.filter((name) => name !== volume), sizes: others });
  }

  sizeOf(volume: string): number | undefined {
    return this.#facts.sizes.find(({ name }) => name === volume)?.sizeBytes;
  }

  get backupFolder(): string {
    return this.#backupFolder;
  }

  get #facts(): EngineFacts {
    return this.#engines[this.#engine] ?? noFacts;
  }

  async #set(facts: EngineFacts): Promise<void> {
    this.#engines = { ...this.#engines, [this.#engine]: facts };
    this.#announce();
    this.#written = this.#written.catch(() => {}).then(() => replaceFile(this.#path, JSON.stringify(this.#engines)));
    await this.#written;
  }

  #announce(): void {
    this.current.set({ ...this.#facts, backupFolder: this.#backupFolder });
  }
}

function tryJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

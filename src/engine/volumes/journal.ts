import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { readIfThere, replaceFile } from "../settings/file.ts";

const base = { id: z.string(), engine: z.string() };

/** What was begun on an engine and must be finished or undone should Longshore die meanwhile. */
const entrySchema = z.discriminatedUnion("kind", [
  /** `volume` goes to the trash volume, and is then deleted. */
  z.object({ ...base, kind: z.literal("trash"), volume: z.string(), trash: z.string() }),
  /** The trash volume's data goes back to `volume`. */
  z.object({ ...base, kind: z.literal("restore"), volume: z.string(), trash: z.string() }),
  /** `fresh` is being filled: useless until it is complete. */
  z.object({ ...base, kind: z.literal("fill"), fresh: z.string() }),
  /** `fresh` is complete and takes the place of what `volume` holds, which goes to `trash`. */
  z.object({
    ...base,
    kind: z.literal("replace"),
    volume: z.string(),
    fresh: z.string(),
    trash: z.string(),
    restart: z.array(z.string()),
  }),
  /** Containers that were paused for an export. */
  z.object({ ...base, kind: z.literal("paused"), containers: z.array(z.string()) }),
]);

export type JournalEntry = z.infer<typeof entrySchema>;
type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;
export type NewEntry = WithoutId<JournalEntry>;

/** `HOME/volume-jobs.json`, on disk before each step that it tells of. */
export class VolumeJournal {
  readonly #path: string;
  #entries: JournalEntry[];
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string, entries: JournalEntry[]) {
    this.#path = path;
    this.#entries = entries;
  }

  static async open(home: string): Promise<VolumeJournal> {
    const path = join(home, "volume-jobs.json");
    const text = await readIfThere(path);
    const parsed = z.array(entrySchema).safeParse(text === undefined ? [] : tryJson(text));
    return new VolumeJournal(path, parsed.success ? parsed.data : []);
  }

  /** What an earlier process began on this engine. */
  of(engine: string): readonly JournalEntry[] {
    return this.#entries.filter((entry) => entry.engine === engine);
  }

  /** Resolves once the entry is on disk. */
  async add(entry: NewEntry): Promise<string> {
    const id = randomUUID();
    this.#entries = [...this.#entries, { ...entry, id }];
    await this.#write();
    return id;
  }

  async remove(id: string): Promise<void> {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    await this.#write();
  }

  /** Runs a step between an entry and its removal; for steps that clean up after themselves when they fail. */
  async during<T>(entry: NewEntry, step: () => Promise<T>): Promise<T> {
    const id = await this.add(entry);
    try {
      return await step();
    } finally {
      await this.remove(id);
    }
  }

  async #write(): Promise<void> {
    this.#written = this.#written.catch(() => {}).then(() => replaceFile(this.#path, JSON.stringify(this.#entries)));
    await this.#written;
  }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

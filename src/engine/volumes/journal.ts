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
  /** `fresh` is complete and becomes the new volume `volume`. */
  z.object({
    ...base,
    kind: z.literal("place"),
    volume: z.string(),
    fresh: z.string(),
    labels: z.record(z.string(), z.string()),
  }),
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

/** An entry of a job that runs in this process. */
export interface JournalJob {
  /** False once it ended or was given up. */
  isOpen(): boolean;
  /** The job has come to its next step: one write, so that no moment is without an entry. */
  turnTo(entry: NewEntry): Promise<void>;
  end(): Promise<void>;
  /** Leaves the entry to the next connection. */
  giveUp(): void;
}

/** `HOME/volume-jobs.json`, on disk before each step that it tells of. */
export class VolumeJournal {
  readonly #path: string;
  readonly #active = new Set<string>();
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

  /** What was begun on this engine and given up, by an earlier process or by a job that lost its connection. */
  leftOn(engine: string): readonly JournalEntry[] {
    return this.#entries.filter((entry) => entry.engine === engine && !this.#active.has(entry.id));
  }

  /** Resolves once the entry is on disk. */
  async begin(entry: NewEntry): Promise<JournalJob> {
    const id = randomUUID();
    const without = (): JournalEntry[] => this.#entries.filter((other) => other.id !== id);
    const put = async (entries: JournalEntry[]): Promise<void> => {
      this.#entries = entries;
      await this.#write();
    };
    this.#active.add(id);
    await put([...this.#entries, { ...entry, id }]);
    return {
      isOpen: () => this.#active.has(id),
      turnTo: (next) => put([...without(), { ...next, id }]),
      end: () => {
        this.#active.delete(id);
        return put(without());
      },
      giveUp: () => void this.#active.delete(id),
    };
  }

  /** Takes out what an earlier process, or a job that was given up, had left. */
  async remove(id: string): Promise<void> {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    await this.#write();
  }

  /**
   * Runs a step between an entry and its removal. A step that fails has cleaned up after itself, unless `isUnsettled`
   * says otherwise: then the entry stays for the next connection.
   */
  async during<T>(entry: NewEntry, step: () => Promise<T>, isUnsettled: () => boolean): Promise<T> {
    const job = await this.begin(entry);
    try {
      const result = await step();
      await job.end();
      return result;
    } catch (error) {
      if (isUnsettled()) job.giveUp();
      else await job.end();
      throw error;
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

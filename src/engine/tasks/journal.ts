import { join } from "node:path";
import { z } from "zod";
import { taskKinds } from "#contract/tasks.ts";
import { readIfThere, replaceFile } from "../settings/file.ts";

const entry = z.object({
  id: z.string(),
  kind: z.enum(taskKinds),
  subject: z.string(),
  startedAt: z.number(),
  ifInterrupted: z.string(),
});

/** A task that runs, as the next start needs to know it should this process die. */
export type JournalEntry = z.infer<typeof entry>;

/** `HOME/tasks.json`: the tasks that run now. What it holds at a start, the last process did not live to end. */
export class TaskJournal {
  readonly #path: string;
  readonly #running = new Map<string, JournalEntry>();
  #written: Promise<void> = Promise.resolve();

  constructor(home: string) {
    this.#path = join(home, "tasks.json");
  }

  /** Takes the tasks that the last process left behind. A file that cannot be read tells of none. */
  async takeLeftBehind(): Promise<readonly JournalEntry[]> {
    const text = await readIfThere(this.#path).catch(() => undefined);
    if (text === undefined) return [];
    try {
      const left = z.array(entry).parse(JSON.parse(text));
      if (left.length > 0) this.#write();
      return left;
    } catch {
      return [];
    }
  }

  add(task: JournalEntry): void {
    this.#running.set(task.id, task);
    this.#write();
  }

  delete(id: string): void {
    this.#running.delete(id);
    this.#write();
  }

  /** Waits for what is being written. */
  async flush(): Promise<void> {
    await this.#written;
  }

  /** One after the other. A full disk must not stop the task itself: only the word about an interruption is lost. */
  #write(): void {
    const text = (): string => JSON.stringify([...this.#running.values()]);
    this.#written = this.#written.then(() => replaceFile(this.#path, text())).catch(() => {});
  }
}

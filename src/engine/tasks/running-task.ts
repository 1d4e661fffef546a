import type { Task, TaskItem, TaskProgress } from "#contract/tasks.ts";
import { Speed } from "./speed.ts";

/** What the work of a task is given: its end, and the way to say how far it is. */
export interface TaskHandle {
  readonly id: string;
  /** Aborts when the user cancels or Longshore ends; the work then stops its source and throws. */
  readonly signal: AbortSignal;
  /** What goes on now, and bytes where they are known of the whole. */
  report(progress: Partial<Pick<TaskProgress, "activity" | "doneBytes" | "totalBytes">>): void;
  /** Adds a part or changes it. Parts with bytes give the whole its bytes, unless `report` did. */
  item(id: string, change: Partial<Omit<TaskItem, "id">>): void;
}

/** Beyond this many parts nobody reads them; the whole still counts. */
const maxItems = 500;

/** One task's current state, which the hub shows. */
export class RunningTask {
  readonly controller = new AbortController();
  readonly #onChange: () => void;
  readonly #items = new Map<string, TaskItem>();
  readonly #speed = new Speed();
  #facts: Pick<TaskProgress, "activity" | "doneBytes" | "totalBytes"> = { activity: "" };
  #task: Omit<Task, "progress">;

  constructor(task: Omit<Task, "progress">, onChange: () => void) {
    this.#task = task;
    this.#onChange = onChange;
  }

  get state(): Task["state"] {
    return this.#task.state;
  }

  set state(state: Task["state"]) {
    this.#task = { ...this.#task, state };
    this.#onChange();
  }

  /** As the contract shows it. */
  snapshot(): Task {
    const runs = this.state.status === "running" || this.state.status === "cancelling";
    const bytesPerSecond = runs ? this.#speed.perSecond() : undefined;
    const items = [...this.#items.values()];
    const progress = { ...sumOf(items), ...this.#facts, items };
    return { ...this.#task, progress: { ...progress, ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }) } };
  }

  handle(): TaskHandle {
    return {
      id: this.#task.id,
      signal: this.controller.signal,
      report: (progress) => {
        this.#facts = { ...this.#facts, ...progress };
        this.#changed();
      },
      item: (id, change) => {
        const known = this.#items.get(id);
        if (!known && this.#items.size >= maxItems) return;
        this.#items.set(id, { id, label: id, state: "waiting", activity: "", ...known, ...change });
        this.#changed();
      },
    };
  }

  #changed(): void {
    const doneBytes = this.#facts.doneBytes ?? sumOf([...this.#items.values()]).doneBytes;
    if (doneBytes !== undefined) this.#speed.add(doneBytes);
    this.#onChange();
  }
}

/** Bytes of all parts; the total only once each part that is still to do has one. */
function sumOf(items: readonly TaskItem[]): Pick<TaskProgress, "doneBytes" | "totalBytes"> {
  const counted = items.filter(({ state }) => state !== "cached");
  const known = counted.filter(({ totalBytes }) => totalBytes !== undefined);
  if (known.length === 0) return {};
  const sum = (pick: (item: TaskItem) => number | undefined): number =>
    known.reduce((total, item) => total + (pick(item) ?? 0), 0);
  const open = counted.some(({ totalBytes, state }) => totalBytes === undefined && state !== "done");
  const doneBytes = sum(({ doneBytes }) => doneBytes);
  return open ? { doneBytes } : { doneBytes, totalBytes: sum(({ totalBytes }) => totalBytes) };
}

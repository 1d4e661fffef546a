import { randomUUID } from "node:crypto";
import { AppError, toAppError } from "#contract/errors.ts";
import type { Task, TaskKind, TaskResult } from "#contract/tasks.ts";
import type { WireError } from "#contract/wire-error.ts";
import { Bell } from "../bell.ts";
import type { ListUpdate } from "../docker/live-list.ts";
import type { Log } from "../log.ts";
import { TaskJournal } from "./journal.ts";
import { RunningTask, type TaskHandle } from "./running-task.ts";

/** Progress comes with each chunk; a screen needs it ten times a second at most. */
const updateEveryMs = 100;
/** Ended tasks beyond this are forgotten, the oldest first. */
const maxEnded = 200;

/** A task to be started. */
export interface TaskRequest {
  readonly kind: TaskKind;
  /** Name of what it works on. */
  readonly subject: string;
  /** What to tell at the next start should this process die meanwhile: what became of it, and what to do. */
  readonly ifInterrupted: string;
}

/** The work itself; what it throws after its `signal` aborted counts as cancelled. */
export type TaskWork = (task: TaskHandle) => Promise<TaskResult>;

/** One who follows the tasks: wakes at any change, and does not wait for more where a task has turned. */
interface Watcher {
  readonly bell: Bell;
  readonly turned: Bell;
  readonly dirty: Set<string>;
}

function hasEnded({ state }: RunningTask): boolean {
  return state.status !== "running" && state.status !== "cancelling";
}

/** All background tasks of this process, for any number of watchers. */
export class TaskHub {
  readonly #tasks = new Map<string, RunningTask>();
  readonly #watchers = new Set<Watcher>();
  readonly #works = new Set<Promise<void>>();
  readonly #journal: TaskJournal;
  readonly #log: Log;

  private constructor(journal: TaskJournal, log: Log) {
    this.#journal = journal;
    this.#log = log;
  }

  /** Opens the hub; tasks that the last process did not live to end are shown as failed, with what became of them. */
  static async open(home: string, log: Log): Promise<TaskHub> {
    const hub = new TaskHub(new TaskJournal(home), log);
    for (const { ifInterrupted, ...left } of await hub.#journal.takeLeftBehind()) {
      const error: WireError = { code: "unavailable", message: ifInterrupted, data: { interrupted: true } };
      hub.#add({ ...left, state: { status: "failed", endedAt: Date.now(), error } });
    }
    return hub;
  }

  /** Starts the work and gives the task's id at once. */
  start({ ifInterrupted, ...request }: TaskRequest, work: TaskWork): string {
    const facts = { id: randomUUID(), ...request, startedAt: Date.now() };
    const task = this.#add({ ...facts, state: { status: "running" } });
    this.#journal.add({ ...facts, ifInterrupted });
    const run = this.#run(task, work).finally(() => {
      this.#journal.delete(facts.id);
      this.#works.delete(run);
    });
    this.#works.add(run);
    return facts.id;
  }

  /** Errors: not_found; conflict where it has ended. */
  cancel(id: string): void {
    const task = this.#find(id);
    if (hasEnded(task)) throw new AppError("conflict", "This task has already ended.");
    this.#turn(task, { status: "cancelling" });
    task.controller.abort();
  }

  /** Errors: not_found; conflict while it runs. */
  dismiss(id: string): void {
    if (!hasEnded(this.#find(id))) throw new AppError("conflict", "This task still runs. Cancel it first.");
    this.#delete(id);
  }

  dismissEnded(): void {
    for (const [id, task] of this.#tasks) if (hasEnded(task)) this.#delete(id);
  }

  /** A snapshot, then changes; ends at the abort. */
  async *watch(signal: AbortSignal): AsyncGenerator<ListUpdate<Task>> {
    const watcher = { bell: new Bell(), turned: new Bell(), dirty: new Set<string>() };
    this.#watchers.add(watcher);
    try {
      yield { kind: "snapshot", items: [...this.#tasks.values()].map((task) => task.snapshot()), skipped: 0 };
      while (await watcher.bell.wait(signal)) {
        if (signal.aborted) return;
        const changed = [...watcher.dirty];
        watcher.dirty.clear();
        const upserts = changed.flatMap((id) => this.#tasks.get(id)?.snapshot() ?? []);
        yield { kind: "change", upserts, removed: changed.filter((id) => !this.#tasks.has(id)) };
        await watcher.turned.wait(signal, updateEveryMs);
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  /** Cancels what runs and waits until each source has stopped. */
  async close(): Promise<void> {
    for (const task of this.#tasks.values()) if (!hasEnded(task)) task.controller.abort();
    await Promise.all(this.#works);
    await this.#journal.flush();
  }

  async #run(task: RunningTask, work: TaskWork): Promise<void> {
    // The caller gets the id first: a task that fails at once is still seen to have started.
    await Promise.resolve();
    try {
      const result = await work(task.handle());
      this.#turn(task, { status: "done", endedAt: Date.now(), result });
    } catch (error) {
      const endedAt = Date.now();
      if (task.controller.signal.aborted) this.#turn(task, { status: "cancelled", endedAt });
      else this.#turn(task, { status: "failed", endedAt, error: this.#wireError(error, task.snapshot()) });
    }
    this.#trim();
  }

  #wireError(error: unknown, { id, kind, subject }: Task): WireError {
    const { code, message, data } = toAppError(error);
    if (code !== "internal") return { code, message, ...(data ? { data } : {}) };
    this.#log.error(`task ${kind} failed unexpectedly`, { id, subject, error });
    return { code, message: `Longshore met an error that it did not expect (${id}). Its log holds the details.` };
  }

  #add(facts: Omit<Task, "progress">): RunningTask {
    const task = new RunningTask(facts, () => this.#mark(facts.id));
    this.#tasks.set(facts.id, task);
    this.#mark(facts.id);
    return task;
  }

  #find(id: string): RunningTask {
    const task = this.#tasks.get(id);
    if (!task) throw new AppError("not_found", "There is no such task any more.");
    return task;
  }

  #delete(id: string): void {
    this.#tasks.delete(id);
    this.#mark(id);
  }

  #turn(task: RunningTask, state: Task["state"]): void {
    task.state = state;
    for (const { turned } of this.#watchers) turned.ring();
  }

  #mark(id: string): void {
    for (const { bell, dirty } of this.#watchers) {
      dirty.add(id);
      bell.ring();
    }
  }

  #trim(): void {
    const ended = [...this.#tasks].filter(([, task]) => hasEnded(task));
    for (const [id] of ended.slice(0, Math.max(0, ended.length - maxEnded))) this.#delete(id);
  }
}

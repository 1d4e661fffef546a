import { z } from "zod";
import { listUpdate, nothing } from "./lists.ts";
import { call, stream } from "./rpc/procedure.ts";
import { wireErrorSchema } from "./wire-error.ts";

/** What a background task does; screens have a sentence for each. */
export const taskKinds = [
  "pull",
  "push",
  "save",
  "load",
  "import",
  "build",
  "prune",
  "volume_export",
  "volume_import",
  "volume_clone",
  "file_copy",
  "disk_export",
  "disk_import",
] as const;

export type TaskKind = (typeof taskKinds)[number];

/** One part of a task: a layer of a pull, a step of a build, a file of an import. */
export const taskItem = z.object({
  id: z.string(),
  /** What the part is, for example a short layer id or the step's command. */
  label: z.string(),
  state: z.enum(["waiting", "active", "done", "cached", "failed"]),
  /** What is done to it now, in the engine's words, for example `Downloading`. */
  activity: z.string(),
  doneBytes: z.number().optional(),
  totalBytes: z.number().optional(),
});

export type TaskItem = z.infer<typeof taskItem>;

/** How far a task is. Absent numbers are unknown, never zero. */
export const taskProgress = z.object({
  /** What goes on now, in a few words. */
  activity: z.string(),
  doneBytes: z.number().optional(),
  totalBytes: z.number().optional(),
  /** Over the last seconds. */
  bytesPerSecond: z.number().optional(),
  items: z.array(taskItem),
});

export type TaskProgress = z.infer<typeof taskProgress>;

/** What came of a task. */
export const taskResult = z.object({
  /** One sentence. */
  summary: z.string(),
  /** Facts by which a screen can offer the next step, for example `{ imageId }`, `{ path }`, `{ buildId }`. */
  facts: z.record(z.string(), z.string()),
});

export type TaskResult = z.infer<typeof taskResult>;

const endedAt = z.number();

/** `cancelling` until the source has really stopped. Times are milliseconds since 1970. */
export const taskState = z.discriminatedUnion("status", [
  z.object({ status: z.literal("running") }),
  z.object({ status: z.literal("cancelling") }),
  z.object({ status: z.literal("done"), endedAt, result: taskResult }),
  z.object({ status: z.literal("failed"), endedAt, error: wireErrorSchema }),
  z.object({ status: z.literal("cancelled"), endedAt }),
]);

export type TaskState = z.infer<typeof taskState>;

/** Work that goes on in the background, whatever screen is open; kept after its end until it is dismissed. */
export const task = z.object({
  id: z.string(),
  kind: z.enum(taskKinds),
  /** Name of what it works on, for example `alpine:3.20`. */
  subject: z.string(),
  startedAt: z.number(),
  state: taskState,
  progress: taskProgress,
});

export type Task = z.infer<typeof task>;

/** What a procedure answers that starts a task. */
export const startedTask = z.object({ taskId: z.string() });

const target = z.object({ id: z.string().max(64) });
const done = z.object({});

export const tasks = {
  /** All tasks, oldest first, then their changes at most ten times a second. */
  watch: stream(nothing, listUpdate(task)),
  /** Stops a task at its source; it ends as `cancelled`. Errors: not_found; conflict where it has ended. */
  cancel: call(target, done),
  /** Forgets a task that has ended. Errors: not_found; conflict while it runs. */
  dismiss: call(target, done),
  /** Forgets every task that has ended. */
  dismissEnded: call(nothing, done),
} as const;

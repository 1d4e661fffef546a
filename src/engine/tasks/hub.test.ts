import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Task } from "#contract";
import { AppError } from "#contract/errors.ts";
import { Bell } from "../bell.ts";
import { TaskHub } from "./hub.ts";
import type { TaskHandle } from "./running-task.ts";

const log = { info() {}, warn() {}, error() {} };
const request = { kind: "pull", subject: "alpine:3.20", ifInterrupted: "Longshore ended during this pull." } as const;

let home: string;
let hub: TaskHub;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "longshore-tasks-"));
  hub = await TaskHub.open(home, log);
});

afterEach(async () => {
  await hub.close();
  rmSync(home, { recursive: true });
});

/** Follows the hub until its one task is as wanted. */
async function taskWhen(wanted: (task: Task) => boolean): Promise<Task> {
  const items = new Map<string, Task>();
  for await (const update of hub.watch(AbortSignal.timeout(30_000))) {
    for (const item of update.kind === "snapshot" ? update.items : update.upserts) items.set(item.id, item);
    for (const item of items.values()) if (wanted(item)) return item;
  }
  throw new Error(`no such task: ${JSON.stringify([...items.values()])}`);
}

function untilAborted({ signal }: TaskHandle): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new AppError("cancelled", "stopped")), { once: true });
  });
}

test("shows parts, sums their bytes, and keeps the result until it is dismissed", async () => {
  const gate = new Bell();
  const id = hub.start(request, async (task) => {
    task.item("a", { state: "active", activity: "Downloading", doneBytes: 5, totalBytes: 10 });
    task.item("b", { state: "done", doneBytes: 30, totalBytes: 30 });
    task.report({ activity: "Pulling" });
    await gate.wait(task.signal);
    return { summary: "Pulled.", facts: { imageId: "sha256:1" } };
  });
  const running = await taskWhen(({ progress }) => progress.activity === "Pulling");
  expect(running).toMatchObject({ id, kind: "pull", subject: "alpine:3.20", state: { status: "running" } });
  expect(running.progress).toMatchObject({ doneBytes: 35, totalBytes: 40 });
  expect(() => hub.dismiss(id)).toThrow("still runs");
  gate.ring();
  const ended = await taskWhen(({ state }) => state.status === "done");
  expect(ended.state).toMatchObject({ result: { summary: "Pulled.", facts: { imageId: "sha256:1" } } });
  expect(() => hub.cancel(id)).toThrow("already ended");
  hub.dismiss(id);
  expect(() => hub.dismiss(id)).toThrow("no such task");
});

test("the total is unknown while a part's size is", async () => {
  hub.start(request, async (task) => {
    task.item("a", { state: "active", doneBytes: 5, totalBytes: 10 });
    task.item("b", { state: "waiting" });
    return untilAborted(task);
  });
  const { progress } = await taskWhen(({ progress: { items } }) => items.length === 2);
  expect(progress.doneBytes).toBe(5);
  expect(progress.totalBytes).toBeUndefined();
});

test("cancel aborts the work, and the task says cancelling until the work has stopped", async () => {
  const stopped = new Bell();
  const id = hub.start(request, async (task) => {
    await untilAborted(task).catch(() => stopped.wait(AbortSignal.timeout(30_000)));
    throw new Error("whatever the source threw");
  });
  await taskWhen(({ state }) => state.status === "running");
  hub.cancel(id);
  await taskWhen(({ state }) => state.status === "cancelling");
  stopped.ring();
  await taskWhen(({ state }) => state.status === "cancelled");
});

test("a failure keeps its words; an unforeseen one is logged and shown with its id", async () => {
  hub.start(request, () => Promise.reject(new AppError("not_found", "There is no alpine:3.20 in this registry.")));
  const failed = await taskWhen(({ state }) => state.status === "failed");
  expect(failed.state).toMatchObject({ error: { code: "not_found", message: expect.stringContaining("no alpine") } });
  hub.dismissEnded();
  const id = hub.start(request, () => Promise.reject(new TypeError("x is not a function")));
  const broken = await taskWhen(({ state }) => state.status === "failed");
  expect(broken.state).toMatchObject({ error: { code: "internal", message: expect.stringContaining(id) } });
  expect(JSON.stringify(broken)).not.toContain("not a function");
});

test("the next start tells of a task that its process did not live to end", async () => {
  hub.start(request, untilAborted);
  await expect.poll(() => readFileSync(join(home, "tasks.json"), "utf8")).toContain("alpine:3.20");
  const next = await TaskHub.open(home, log);
  const updates = next.watch(AbortSignal.timeout(30_000));
  const { value } = await updates.next();
  expect(value).toMatchObject({
    items: [{ kind: "pull", state: { status: "failed", error: { message: request.ifInterrupted } } }],
  });
  await updates.return(undefined);
  await next.close();
  expect(readFileSync(join(home, "tasks.json"), "utf8")).toBe("[]");
});

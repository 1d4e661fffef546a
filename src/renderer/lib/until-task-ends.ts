import { AppError, type Task } from "#contract";
import { client } from "./client.ts";

/** Waits for a task; gives its result. Throws what it failed with, and `cancelled`. */
export async function untilTaskEnds(
  taskId: string,
  onChange: (task: Task) => void = () => {},
): Promise<{ summary: string; facts: Readonly<Record<string, string>> }> {
  for await (const update of client.tasks.watch({})) {
    const task = (update.kind === "snapshot" ? update.items : update.upserts).find(({ id }) => id === taskId);
    if (!task) continue;
    onChange(task);
    const { state } = task;
    if (state.status === "done") return state.result;
    if (state.status === "failed") throw new AppError(state.error.code, state.error.message);
    if (state.status === "cancelled") throw new AppError("cancelled", "Cancelled.");
  }
  throw new AppError("unavailable", "The connection was lost; the task goes on in the background.");
}

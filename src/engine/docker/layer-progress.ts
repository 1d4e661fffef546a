import type { TaskItem } from "#contract/tasks.ts";
import type { EngineMessage } from "./message-stream.ts";

type ItemChange = Partial<Omit<TaskItem, "id">>;

const layerId = /^[0-9a-f]{12}$/;

/** States of a layer as dockerd words them (distribution/xfer, distribution/push_v2.go, pkg/progress). */
const stateOfStatus: Readonly<Record<string, TaskItem["state"]>> = {
  "Pulling fs layer": "waiting",
  Waiting: "waiting",
  Preparing: "waiting",
  "Already exists": "cached",
  "Layer already exists": "cached",
  "Download complete": "active",
  "Verifying Checksum": "active",
  "Pull complete": "done",
  Pushed: "done",
};

/** The part of a task that a message is about; undefined where it is about no layer. */
export function layerItem({
  id,
  status,
  progressDetail,
}: EngineMessage): { id: string; change: ItemChange } | undefined {
  if (!id || !status || !layerId.test(id)) return undefined;
  const mounted = status.startsWith("Mounted from");
  const state = mounted ? "cached" : (stateOfStatus[status] ?? "active");
  const change: ItemChange = { label: id, state, activity: status };
  const { current, total } = progressDetail ?? {};
  // The engine counts the extraction over the same bytes again; only the way over the net is progress that is paid for.
  const moves = status === "Downloading" || status === "Pushing";
  if (moves && current !== undefined) {
    return { id, change: { ...change, doneBytes: total ? Math.min(current, total) : current, ...sized(total) } };
  }
  return { id, change };
}

function sized(total: number | undefined): ItemChange {
  return total && total > 0 ? { totalBytes: total } : {};
}

import type { ContainerSummary } from "#contract";
import type { LiveList } from "../../docker/live-list.ts";

/** The names of the containers that are there, after each change; nothing comes while there is no engine. */
export async function* containerNames(
  containers: LiveList<ContainerSummary>,
  signal: AbortSignal,
): AsyncGenerator<ReadonlySet<string>> {
  const names = new Map<string, string>();
  for await (const update of containers.watch(signal)) {
    if (update.kind === "snapshot") names.clear();
    else for (const id of update.removed) names.delete(id);
    for (const { id, name } of update.kind === "snapshot" ? update.items : update.upserts) names.set(id, name);
    yield new Set(names.values());
  }
}

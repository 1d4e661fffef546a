import type { ContainerSummary, LogSourceSpec } from "#contract";
import { shortId } from "../../../lib/format.ts";
import type { MergedSearch } from "./merged-search.ts";

export const projectOf = ({ labels }: ContainerSummary): string | undefined =>
  labels["com.docker.compose.project"] || undefined;

const isUp = ({ state }: ContainerSummary): boolean => ["running", "paused", "restarting"].includes(state);

function isMeant(container: ContainerSummary, reference: string): boolean {
  return container.name === reference || container.id === reference || shortId(container.id) === reference;
}

/**
 * The containers that a timeline shows. One that was shown stays while it exists, so that its last words are not lost
 * when it stops; of those that were named and are gone, the log itself says so.
 */
export function chooseSources(
  containers: readonly ContainerSummary[],
  { c, project, past }: MergedSearch,
  shown: ReadonlySet<string>,
): readonly LogSourceSpec[] {
  const ofContainer = (id: string): LogSourceSpec => ({ kind: "container", id });
  const gone = (past ?? []).map((name): LogSourceSpec => ({ kind: "past", name }));
  if (c) {
    const ids = c.map((reference) => containers.find((container) => isMeant(container, reference))?.id ?? reference);
    return [...new Set(ids)].map(ofContainer).concat(gone);
  }
  if (gone.length > 0 && project === undefined) return gone;
  const chosen = containers.filter((container) =>
    project === undefined ? isUp(container) || shown.has(container.id) : projectOf(container) === project,
  );
  return chosen.map(({ id }) => ofContainer(id)).concat(gone);
}

import type { ContainerState, ContainerSummary } from "#contract";
import { matchesQuery } from "../../components/screen/match.ts";
import type { StateTone } from "../../components/ui/state-chip.tsx";

export const stateFilters = ["all", "running", "paused", "stopped", "failed"] as const;
export type StateFilter = (typeof stateFilters)[number];

/** True where its program ended with an error, or the engine could not get rid of it. */
export function hasFailed({ state, exitCode }: Pick<ContainerSummary, "state" | "exitCode">): boolean {
  return state === "dead" || (state === "exited" && exitCode !== undefined && exitCode !== 0);
}

export function isUp(state: ContainerState): boolean {
  return state === "running" || state === "paused" || state === "restarting";
}

export function toneOf(container: Pick<ContainerSummary, "state" | "exitCode">): StateTone {
  switch (container.state) {
    case "running":
      return "running";
    case "paused":
      return "paused";
    case "restarting":
    case "removing":
      return "waiting";
    case "created":
      return "created";
    case "exited":
    case "dead":
      return hasFailed(container) ? "failed" : "exited";
  }
}

export function passesFilter(container: ContainerSummary, filter: StateFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "running":
      return container.state === "running" || container.state === "restarting";
    case "paused":
      return container.state === "paused";
    case "stopped":
      return !isUp(container.state);
    case "failed":
      return hasFailed(container);
  }
}

export function countFilters(containers: readonly ContainerSummary[]): Readonly<Record<StateFilter, number>> {
  const counts = { all: 0, running: 0, paused: 0, stopped: 0, failed: 0 };
  for (const container of containers) {
    for (const filter of stateFilters) if (passesFilter(container, filter)) counts[filter] += 1;
  }
  return counts;
}

export function toStateFilter(text: string): StateFilter {
  return stateFilters.find((filter) => filter === text) ?? "all";
}

/** The containers that a search and a state filter leave. */
export function filterContainers(
  containers: readonly ContainerSummary[],
  { query, filter }: { query: string; filter: StateFilter },
): readonly ContainerSummary[] {
  if (query.trim() === "" && filter === "all") return containers;
  return containers.filter(
    (container) =>
      passesFilter(container, filter) &&
      matchesQuery(query, [container.name, container.image, container.id, container.command, ...portTexts(container)]),
  );
}

function portTexts({ ports }: ContainerSummary): string[] {
  return ports.map(({ publicPort, privatePort }) => `${publicPort ?? ""}:${privatePort}`);
}

/** The compose project that a container belongs to. */
export function composeProject({ labels }: Pick<ContainerSummary, "labels">): string | undefined {
  return labels["com.docker.compose.project"] || undefined;
}

const stateOrder: readonly ContainerState[] = [
  "running",
  "restarting",
  "paused",
  "removing",
  "created",
  "exited",
  "dead",
];

/** Running ones first; the failed after the others that ended. */
export function stateRank(container: ContainerSummary): number {
  return stateOrder.indexOf(container.state) * 2 + (hasFailed(container) ? 1 : 0);
}

import type { MachineState, MachineStep } from "#contract";
import type { StateTone } from "../../components/ui/state-chip.tsx";

export type MachineStatus = MachineState["status"];

/** Shape and colour of each state; the word stands beside it. */
export const stateTones: Readonly<Record<MachineStatus, StateTone>> = {
  absent: "created",
  stopped: "exited",
  starting: "pending",
  running: "running",
  suspending: "pending",
  suspended: "paused",
  resuming: "pending",
  stopping: "pending",
  broken: "failed",
};

/** Since when the state lasts, in milliseconds since 1970; undefined where that was not told. */
export function stateSince(state: MachineState): number | undefined {
  switch (state.status) {
    case "starting":
    case "resuming":
    case "running":
    case "suspending":
    case "stopping":
      return state.startedAt;
    case "suspended":
      return state.suspendedAt;
    case "broken":
      return state.since;
    case "absent":
    case "stopped":
      return undefined;
  }
}

export type StepLook = MachineStep["status"] | "waiting";

/** A step that has its turn but of which nothing was heard yet is waited for all the same. */
export function stepLook(step: MachineStep, current: string | undefined): StepLook {
  return step.name === current && step.status === "pending" ? "waiting" : step.status;
}

/** How long a step has taken up to now; undefined before its turn. Times count from the start of the whole. */
export function stepTimeMs(
  step: MachineStep,
  { steps, nowMs, waiting }: { steps: readonly MachineStep[]; nowMs: number; waiting: boolean },
): number | undefined {
  if (step.durationMs !== undefined) return step.durationMs;
  if (step.status === "active" && step.startedAtMs !== undefined) return Math.max(0, nowMs - step.startedAtMs);
  if (!waiting) return undefined;
  const ends = steps.map(({ startedAtMs, durationMs }) => (startedAtMs ?? 0) + (durationMs ?? 0));
  return Math.max(0, nowMs - Math.max(0, ...ends));
}

/** True once the hypervisor has written a console in this run. */
export function hasConsole(state: MachineState): boolean {
  switch (state.status) {
    case "starting":
    case "resuming":
      return state.steps.some(({ name, status }) => name === "hypervisor" && status === "done");
    case "running":
    case "suspending":
    case "stopping":
      return true;
    case "broken":
      return state.steps.some(({ name, status }) => name === "hypervisor" && status !== "pending");
    case "absent":
    case "stopped":
    case "suspended":
      return false;
  }
}

import {
  type MachineRepair,
  type MachineRuntime,
  type MachineState,
  type MachineStep,
  type MachineStepName,
  machineStepNames,
  type PortForward,
} from "#contract/machine.ts";

/** Everything that can happen to a machine. `at` is milliseconds since 1970. */
export type MachineEvent =
  | { readonly type: "start"; readonly at: number; readonly steps: readonly StepPlan[]; readonly note?: string }
  | { readonly type: "resume"; readonly at: number; readonly steps: readonly StepPlan[] }
  | StepEvent
  | {
      readonly type: "started";
      readonly at: number;
      readonly runtime: MachineRuntime;
      readonly notices: readonly string[];
    }
  | { readonly type: "forwards"; readonly forwards: readonly PortForward[] }
  | { readonly type: "notice"; readonly text: string }
  | { readonly type: "suspend"; readonly at: number }
  | { readonly type: "suspended"; readonly at: number; readonly sizeBytes: number }
  | { readonly type: "stop"; readonly at: number }
  | { readonly type: "stopped"; readonly note?: string }
  | { readonly type: "absent" }
  | {
      readonly type: "break";
      readonly at: number;
      readonly why: string;
      readonly repair: MachineRepair;
      readonly repairs: readonly MachineRepair[];
    };

export interface StepEvent {
  readonly type: "step";
  readonly at: number;
  readonly name: MachineStepName;
  readonly phase: "begin" | "done" | "failed";
  readonly detail?: string;
}

/** A step that a start consists of, and how long it may take. */
export interface StepPlan {
  readonly name: MachineStepName;
  readonly deadlineMs: number;
}

/** The next state. Pure; an event that has no meaning in a state leaves it as it is. */
export function nextState(state: MachineState, event: MachineEvent): MachineState {
  switch (event.type) {
    case "start":
      return { ...begin(event), status: "starting", ...(event.note === undefined ? {} : { note: event.note }) };
    case "resume":
      return { ...begin(event), status: "resuming" };
    case "step":
      return onStep(state, event);
    case "started":
      return onStarted(state, event);
    case "forwards":
      return state.status === "running" ? { ...state, forwards: [...event.forwards] } : state;
    case "notice":
      return state.status === "running" ? { ...state, notices: [...state.notices, event.text] } : state;
    case "suspend":
      return state.status === "running" ? { status: "suspending", startedAt: event.at } : state;
    case "suspended":
      return { status: "suspended", suspendedAt: event.at, sizeBytes: event.sizeBytes };
    case "stop":
      return state.status === "stopped" || state.status === "absent"
        ? state
        : { status: "stopping", startedAt: event.at };
    case "stopped":
      return { status: "stopped", ...(event.note === undefined ? {} : { note: event.note }) };
    case "absent":
      return { status: "absent" };
    case "break":
      return onBreak(state, event);
  }
}

type EventOf<T extends MachineEvent["type"]> = Extract<MachineEvent, { type: T }>;

function begin({ at, steps }: { at: number; steps: readonly StepPlan[] }) {
  const planned = steps.map((step): MachineStep => ({ ...step, status: "pending" }));
  return { startedAt: at, steps: planned, step: steps[0]?.name ?? ("image" as const) };
}

function onStep(state: MachineState, event: StepEvent): MachineState {
  if (state.status !== "starting" && state.status !== "resuming") return state;
  const now = event.at - state.startedAt;
  const before = endOfLast(state.steps);
  const steps = state.steps.map((step) => (step.name === event.name ? advance(step, event, { now, before }) : step));
  return { ...state, steps, step: currentStep(steps)?.name ?? state.step };
}

/** When the step that was done last had its end. */
function endOfLast(steps: readonly MachineStep[]): number {
  const done = steps.filter(({ status }) => status === "done");
  return Math.max(0, ...done.map(({ startedAtMs = 0, durationMs = 0 }) => startedAtMs + durationMs));
}

/** A step that tells only of its end, as the kernel does, began where the one before it ended. */
function advance(step: MachineStep, event: StepEvent, { now, before }: { now: number; before: number }): MachineStep {
  const detail = event.detail === undefined || event.detail === "" ? {} : { detail: event.detail };
  if (event.phase === "begin") {
    return step.status === "pending"
      ? { ...step, ...detail, status: "active", startedAtMs: now }
      : { ...step, ...detail };
  }
  const startedAtMs = step.startedAtMs ?? before;
  return { ...step, ...detail, status: event.phase, startedAtMs, durationMs: now - startedAtMs };
}

/** The step that failed, also where one before it still runs beside it; else the one that is waited for. */
export function currentStep(steps: readonly MachineStep[]): MachineStep | undefined {
  return steps.find(({ status }) => status === "failed") ?? steps.find(({ status }) => status !== "done");
}

/** The step whose time is over, if any: counted from its own begin or from the end of what came before it. */
export function overdueStep(steps: readonly MachineStep[], nowMs: number): MachineStep | undefined {
  const current = currentStep(steps);
  if (!current) return undefined;
  const since = Math.max(current.startedAtMs ?? 0, endOfLast(steps));
  return nowMs - since > current.deadlineMs ? current : undefined;
}

function onStarted(state: MachineState, event: EventOf<"started">): MachineState {
  const startedAt = state.status === "starting" || state.status === "resuming" ? state.startedAt : event.at;
  const steps = "steps" in state ? state.steps.map((step) => finished(step, event.at - startedAt)) : [];
  return {
    status: "running",
    startedAt: event.at,
    startMs: event.at - startedAt,
    runtime: event.runtime,
    steps,
    forwards: [],
    notices: [...event.notices],
  };
}

/** A step of which the console told nothing has been passed all the same once the API answers. */
function finished(step: MachineStep, now: number): MachineStep {
  if (step.status === "done") return step;
  return step.startedAtMs === undefined
    ? { ...step, status: "done" }
    : { ...step, status: "done", durationMs: now - step.startedAtMs };
}

function onBreak(state: MachineState, event: EventOf<"break">): MachineState {
  const starting = state.status === "starting" || state.status === "resuming";
  const current = starting ? state.step : undefined;
  const steps = "steps" in state ? state.steps : [];
  return {
    status: "broken",
    since: event.at,
    why: event.why,
    repair: event.repair,
    repairs: [...event.repairs],
    ...(current === undefined ? {} : { failedStep: current }),
    steps: steps.map((step) => broken(step, starting && step.name === current)),
  };
}

/** A step that ran beside the one that failed was left where it was; nothing goes on any more. */
function broken(step: MachineStep, failed: boolean): MachineStep {
  if (failed) return { ...step, status: "failed" };
  return step.status === "active" ? { ...step, status: "pending" } : step;
}

/** True for a name of the console's step lines that is also a step of the time line. */
export function isStepName(name: string): name is MachineStepName {
  return machineStepNames.some((known) => known === name);
}

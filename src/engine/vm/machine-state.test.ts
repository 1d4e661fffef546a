import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MachineState, machineState } from "#contract/machine.ts";
import { bootPlan, parseStepLine, resumePlan } from "./boot-steps.ts";
import { type MachineEvent, nextState, overdueStep } from "./machine-state.ts";

const runtime = {
  driver: "qemu",
  driverVersion: "10.0.13",
  accelerator: "tcg",
  reason: "",
  imageId: "a",
  adopted: false,
} as const;

function run(events: readonly MachineEvent[], from: MachineState = { status: "absent" }): MachineState {
  return events.reduce(nextState, from);
}

const start: MachineEvent = { type: "start", at: 1_000, steps: bootPlan };

describe("nextState", () => {
  it("shows the step that is waited for, with times from the start", () => {
    const state = run([
      start,
      { type: "step", at: 1_010, name: "image", phase: "begin" },
      { type: "step", at: 1_050, name: "image", phase: "done" },
      { type: "step", at: 1_060, name: "disk", phase: "begin", detail: "checking" },
    ]);
    expect(state).toMatchObject({ status: "starting", step: "disk" });
    if (state.status !== "starting") throw new Error("not starting");
    expect(state.steps[0]).toEqual({
      name: "image",
      status: "done",
      deadlineMs: 1_200_000,
      startedAtMs: 10,
      durationMs: 40,
    });
    expect(state.steps[1]).toMatchObject({ status: "active", detail: "checking", startedAtMs: 60 });
  });

  it("counts a step that tells only of its end from the end of the one before it", () => {
    const state = run([
      { type: "start", at: 1_000, steps: bootPlan },
      { type: "step", at: 2_000, name: "hypervisor", phase: "begin" },
      { type: "step", at: 3_000, name: "hypervisor", phase: "done" },
      { type: "step", at: 6_000, name: "kernel", phase: "done" },
    ]);
    const kernel = "steps" in state && state.steps.find(({ name }) => name === "kernel");
    expect(kernel).toMatchObject({ startedAtMs: 2_000, durationMs: 3_000 });
  });

  it("is running with all steps done once the API answers, even where the console told of none", () => {
    const state = run([start, { type: "started", at: 3_500, runtime, notices: ["x"] }]);
    expect(state).toMatchObject({ status: "running", startMs: 2_500, notices: ["x"] });
    expect("steps" in state && state.steps.every(({ status }) => status === "done")).toBe(true);
  });

  it("names the step at which a start broke", () => {
    const broken = run([
      start,
      { type: "step", at: 1_001, name: "image", phase: "done" },
      { type: "break", at: 1_002, why: "no", repair: "start-again", repairs: ["start-again"] },
    ]);
    expect(broken).toMatchObject({ status: "broken", failedStep: "disk", why: "no" });
    expect("steps" in broken && broken.steps[1]?.status).toBe("failed");
  });

  it("names the step that failed, not one that ran beside it and was not through", () => {
    const broken = run([
      start,
      { type: "step", at: 1_001, name: "modules", phase: "begin" },
      { type: "step", at: 1_002, name: "data-disk", phase: "begin" },
      { type: "step", at: 1_003, name: "data-disk", phase: "failed", detail: "damaged" },
      { type: "break", at: 1_004, why: "no", repair: "check-disk", repairs: ["check-disk"] },
    ]);
    expect(broken).toMatchObject({ failedStep: "data-disk" });
    const looks = "steps" in broken ? broken.steps.map(({ name, status }) => `${name} ${status}`) : [];
    expect(looks).toContain("data-disk failed");
    expect(looks).toContain("modules pending");
  });

  it("does not suspend what does not run", () => {
    expect(run([{ type: "suspend", at: 1 }])).toEqual({ status: "absent" });
  });

  it("ends in a state of the contract whatever happens", () => {
    const repairs = ["start-again"] as const;
    const event = fc.constantFrom<MachineEvent>(
      start,
      { type: "resume", at: 2, steps: resumePlan },
      { type: "step", at: 3, name: "kernel", phase: "done", detail: "1s" },
      { type: "step", at: 3, name: "api", phase: "failed" },
      { type: "started", at: 4, runtime, notices: [] },
      { type: "forwards", forwards: [] },
      { type: "notice", text: "n" },
      { type: "suspend", at: 5 },
      { type: "suspended", at: 6, sizeBytes: 7 },
      { type: "stop", at: 8 },
      { type: "stopped" },
      { type: "absent" },
      { type: "break", at: 9, why: "w", repair: "start-again", repairs },
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        expect(machineState.safeParse(run(events)).success).toBe(true);
      }),
    );
  });
});

describe("overdueStep", () => {
  it("counts from the end of what came before", () => {
    const state = run([start, { type: "step", at: 2_000, name: "image", phase: "done" }]);
    if (state.status !== "starting") throw new Error("not starting");
    expect(overdueStep(state.steps, 1_000 + 60_000)).toBeUndefined();
    expect(overdueStep(state.steps, 1_001 + 60_000)?.name).toBe("disk");
  });
});

describe("parseStepLine", () => {
  it("reads the lines of the agreement and no others", () => {
    expect(parseStepLine("longshore: step data-disk done formatted, 44.64s\r", 5)).toEqual({
      type: "step",
      at: 5,
      name: "data-disk",
      phase: "done",
      detail: "formatted",
    });
    expect(parseStepLine("longshore: step kernel done 2.81s", 5)).toEqual({
      type: "step",
      at: 5,
      name: "kernel",
      phase: "done",
    });
    expect(parseStepLine("longshore: step ready done", 5)).toBeUndefined();
    expect(parseStepLine("[   22.9] rcu: INFO: longshore: step", 5)).toBeUndefined();
  });
});

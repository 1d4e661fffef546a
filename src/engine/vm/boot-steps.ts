import type { MachineStepName } from "#contract/machine.ts";
import type { StepEvent, StepPlan } from "./machine-state.ts";
import { isStepName } from "./machine-state.ts";

/**
 * Seconds a step of a cold start may take: some ten times what it takes under emulation on an idle computer,
 * because a busy one was seen to be ten times slower. The data disk may have to be checked as well.
 */
const bootSeconds: Record<Exclude<MachineStepName, "memory">, number> = {
  image: 1_200,
  disk: 60,
  hypervisor: 45,
  kernel: 90,
  modules: 120,
  "data-disk": 900,
  network: 120,
  containerd: 120,
  dockerd: 180,
  ssh: 120,
  api: 90,
  forwards: 20,
};

export const bootPlan: readonly StepPlan[] = Object.entries(bootSeconds).map(([name, seconds]) => ({
  name: name as MachineStepName, // The keys of the record above.
  deadlineMs: seconds * 1_000,
}));

export const resumePlan: readonly StepPlan[] = [
  { name: "hypervisor", deadlineMs: 45_000 },
  { name: "memory", deadlineMs: 45_000 },
  { name: "ssh", deadlineMs: 30_000 },
  { name: "api", deadlineMs: 30_000 },
  { name: "forwards", deadlineMs: 20_000 },
];

/** Time since the guest's kernel began, at the end of each of its step lines; the time line has times of its own. */
const uptime = /,?\s*\d+\.\d+s$/;

/** A line of the guest's console that tells of a step; other lines give undefined. */
export function parseStepLine(line: string, at: number): StepEvent | undefined {
  const found = /longshore: step (\S+) (begin|done|failed)(?: (.*))?$/.exec(line.trimEnd());
  const [, name = "", phase, rest = ""] = found ?? [];
  if (!isStepName(name) || (phase !== "begin" && phase !== "done" && phase !== "failed")) return undefined;
  const detail = rest.replace(uptime, "");
  return { type: "step", at, name, phase, ...(detail === "" ? {} : { detail }) };
}

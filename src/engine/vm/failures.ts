import { AppError } from "#contract/errors.ts";
import type { MachineRepair, MachineStepName } from "#contract/machine.ts";

/** What is shown of a failed start. */
export interface Failure {
  readonly why: string;
  readonly repair: MachineRepair;
  readonly repairs: readonly MachineRepair[];
}

interface FailureCause {
  readonly error: unknown;
  readonly step: MachineStepName | undefined;
  /** Last words of the hypervisor and of the console. */
  readonly hypervisorLog: string;
  readonly consoleLog: string;
}

interface Rule {
  readonly matches: RegExp;
  readonly why: string;
  readonly repairs: readonly [MachineRepair, ...MachineRepair[]];
}

/** Words of QEMU and of the guest that have a better explanation than themselves. */
const rules: readonly Rule[] = [
  {
    matches: /Failed to get (shared )?"write" lock|is already in use by another/i,
    why: "The data disk is in use by another process, perhaps a virtual machine that was left over. End it, then start again.",
    repairs: ["start-again"],
  },
  {
    matches: /No space left on device|ENOSPC/i,
    why: "There is no room left on this computer's disk. Free some space, then start again.",
    repairs: ["start-again"],
  },
  {
    matches: /cannot set up guest memory|Cannot allocate memory/i,
    why: "This computer has not enough free memory for the machine. Give it less memory in the settings, then start again.",
    repairs: ["start-again"],
  },
];

const byStep: Partial<Record<MachineStepName, readonly [MachineRepair, ...MachineRepair[]]>> = {
  "data-disk": ["check-disk", "start-again"],
  network: ["rebuild-network", "start-again"],
  ssh: ["rebuild-network", "start-again"],
  kernel: ["start-again", "use-software-emulation", "use-older-image"],
  modules: ["start-again", "use-older-image"],
  memory: ["start-again"],
};

/** A failure in words, with its repairs; the best one first. Pure. */
export function explainFailure(cause: FailureCause): Failure {
  const message = cause.error instanceof Error ? cause.error.message : String(cause.error);
  const told = `${message}\n${cause.hypervisorLog}\n${cause.consoleLog}`;
  const rule = rules.find(({ matches }) => matches.test(told));
  const [repair, ...others] = rule?.repairs ?? (cause.step && byStep[cause.step]) ?? ["start-again"];
  const more: MachineRepair[] = ["recreate-machine", "collect-diagnostics"];
  return { why: rule?.why ?? sentence(message, cause), repair, repairs: [repair, ...others, ...more] };
}

function sentence(message: string, { step, hypervisorLog, error }: FailureCause): string {
  const place = step === undefined ? "The machine failed" : `The start failed at the step "${step}"`;
  const log = error instanceof AppError && error.code === "unavailable" ? hypervisorLog.trim() : "";
  return [`${place}: ${message.replace(/[.\s]*$/, "")}.`, log === "" ? "" : `The hypervisor said: ${log}`]
    .join(" ")
    .trim();
}

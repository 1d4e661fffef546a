import type { MachineStepName } from "#contract/machine.ts";
import type { MachineContext } from "./context.ts";
import { steadyNow, withDeadline } from "./deadline.ts";
import type { StepPlan } from "./machine-state.ts";

/** Runs one step of the time line: told when it begins, when it is done or failed, and never longer than planned. */
export function stepRunner({ store, log }: Pick<MachineContext, "store" | "log">, plan: readonly StepPlan[]) {
  const tell = (name: MachineStepName, phase: "begin" | "done" | "failed", detail?: string) => {
    log.info(`machine step ${name} ${phase}`, detail === undefined ? undefined : { detail });
    store.dispatch({ type: "step", at: steadyNow(), name, phase, ...(detail === undefined ? {} : { detail }) });
  };
  const run = async <T>(name: MachineStepName, work: (report: (text: string) => void) => Promise<T>): Promise<T> => {
    tell(name, "begin");
    const deadlineMs = plan.find((step) => step.name === name)?.deadlineMs ?? 60_000;
    try {
      const result = await withDeadline(
        work((text) => tell(name, "begin", text)),
        deadlineMs,
        `The step "${name}" did not end`,
      );
      tell(name, "done");
      return result;
    } catch (error) {
      tell(name, "failed", error instanceof Error ? error.message : String(error));
      throw error;
    }
  };
  return { run };
}

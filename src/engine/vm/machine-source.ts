import type { MachineSource } from "../docker/endpoint.ts";
import type { Machine } from "./create-machine.ts";
import { socketUrl } from "./socket/docker-context.ts";

/** The machine as an engine for the app's own connection: there while it runs, with the reason while it does not. */
export function machineSource(machine: Machine): MachineSource {
  return {
    host: () => (machine.state.status === "running" ? socketUrl(machine.engineSocket) : undefined),
    explain: () => explain(machine),
    subscribe: (listener) => machine.subscribe(listener),
  };
}

function explain({ state }: Machine): { why: string; hints: readonly string[] } {
  switch (state.status) {
    case "broken":
      return { why: state.why, hints: ["Open Machine to repair it."] };
    case "starting":
    case "resuming":
      return { why: `The machine is ${state.status}: ${state.step}.`, hints: [] };
    case "suspended":
      return { why: "The machine is suspended.", hints: ["Resume it."] };
    case "absent":
    case "stopped":
      return { why: "The machine does not run.", hints: ["Start it."] };
    case "running":
    case "suspending":
    case "stopping":
      return { why: `The machine is ${state.status}.`, hints: [] };
  }
}

import { useQuery } from "@tanstack/react-query";
import type { EngineState, MachineView } from "#contract";
import { appInfoQuery } from "../lib/app-info.ts";
import { machineSource } from "../lib/sources.ts";
import { useEngine } from "./use-engine.ts";
import { useLiveValue } from "./use-live.ts";
import { useSettings } from "./use-settings.ts";

/** The machine, or undefined until it was told, or where it cannot be driven here. */
export function useMachine(): MachineView | undefined {
  return useLiveValue(machineSource);
}

/** What Longshore is to connect to: the option of its start, else the setting. */
export function useEngineChoice(): { readonly value: string; readonly fromOption: boolean } {
  const { settings } = useSettings();
  const option = useQuery(appInfoQuery).data?.engineOption;
  return option === undefined ? { value: settings.engine, fromOption: false } : { value: option, fromOption: true };
}

/**
 * The part the machine plays: `chosen` by the user, `offered` because no engine was found and none is asked for, or
 * `aside` while Longshore is connected elsewhere.
 */
type MachineRole = "chosen" | "offered" | "aside";

function roleOf(choice: string, engine: EngineState): MachineRole {
  if (choice === "vm") return "chosen";
  const nothingFound = engine.status === "disconnected" && engine.endpoint === undefined;
  return choice === "auto" && nothingFound ? "offered" : "aside";
}

export function useMachineRole(): MachineRole {
  return roleOf(useEngineChoice().value, useEngine());
}

/** Whether the machine is worth a word in the status bar: not while it rests and Longshore is connected elsewhere. */
export function useIsMachineInUse(): boolean {
  const status = useMachine()?.state.status;
  const role = useMachineRole();
  return status !== undefined && !(role === "aside" && (status === "absent" || status === "stopped"));
}

/** The machine where it stands in the place of the screens, because there is no engine to show while it does not run. */
export function useMachineInFront(): MachineView | undefined {
  const machine = useMachine();
  const role = useMachineRole();
  return role === "aside" || machine?.state.status === "running" ? undefined : machine;
}

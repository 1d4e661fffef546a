import type { Build, BuildStep } from "#contract";
import type { StateTone } from "../../components/ui/state-chip.tsx";

/** Its first tag, else the name of its folder. */
export function buildName({ tags, context }: Build): string {
  return tags[0] ?? context.split(/[\\/]/).filter(Boolean).at(-1) ?? context;
}

export const buildTones: Readonly<Record<Build["state"]["status"], StateTone>> = {
  running: "pending",
  done: "running",
  failed: "failed",
  cancelled: "exited",
  interrupted: "exited",
};

export const stepTones: Readonly<Record<BuildStep["state"], StateTone>> = {
  waiting: "created",
  running: "pending",
  done: "running",
  cached: "running",
  failed: "failed",
  cancelled: "exited",
};

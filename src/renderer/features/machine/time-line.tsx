import { useTranslation } from "react-i18next";
import type { MachineState, MachineStep } from "#contract";
import { stateSince, stepLook, stepTimeMs } from "./machine-state.ts";
import { StepLine } from "./step-line.tsx";
import { useTick } from "./use-tick.ts";

interface TimeLineProps {
  readonly state: MachineState;
  readonly steps: readonly MachineStep[];
}

/** The steps of a start from the first to the last. One of them is always the one that is waited for. */
export function TimeLine({ state, steps }: TimeLineProps) {
  const { t } = useTranslation("machine");
  const moving = state.status === "starting" || state.status === "resuming";
  const now = useTick(moving, 200);
  const nowMs = now - (stateSince(state) ?? now);
  const current = moving ? state.step : undefined;
  const doneCount = steps.filter(({ status }) => status === "done").length;
  return (
    <section aria-label={t("steps.title")} className="flex flex-col gap-1.5">
      <div className="flex min-h-6 items-center gap-2">
        <h2 className="font-medium">{t("steps.title")}</h2>
        <span className="text-muted">{t("steps.count", { done: doneCount, count: steps.length })}</span>
      </div>
      <ol className="flex flex-col">
        {steps.map((step) => {
          const look = stepLook(step, current);
          const timeMs = stepTimeMs(step, { steps, nowMs, waiting: look === "waiting" });
          return <StepLine key={step.name} step={step} look={look} timeMs={timeMs} current={step.name === current} />;
        })}
      </ol>
    </section>
  );
}

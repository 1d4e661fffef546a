import { Check, CircleDashed, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { MachineStep } from "#contract";
import { Spinner } from "../../components/ui/spinner.tsx";
import { classes } from "../../lib/classes.ts";
import { formatDuration, formatSeconds } from "../../lib/format.ts";
import type { StepLook } from "./machine-state.ts";

const colours: Readonly<Record<StepLook, string>> = {
  pending: "text-faint",
  waiting: "text-ink",
  active: "text-ink",
  done: "text-running",
  failed: "text-failed",
};

function StepShape({ look }: { readonly look: StepLook }) {
  switch (look) {
    case "pending":
      return <CircleDashed size={14} aria-hidden />;
    case "waiting":
    case "active":
      return <Spinner />;
    case "done":
      return <Check size={14} strokeWidth={2.4} aria-hidden />;
    case "failed":
      return <TriangleAlert size={14} aria-hidden />;
  }
}

interface StepLineProps {
  readonly step: MachineStep;
  readonly look: StepLook;
  readonly timeMs: number | undefined;
  /** This is the one that is waited for. */
  readonly current: boolean;
}

/** One step of a start: what it is, how it stands in shape and word, its own time, and what it is allowed. */
export function StepLine({ step, look, timeMs, current }: StepLineProps) {
  const { t } = useTranslation("machine");
  const isOpen = current || look === "failed";
  return (
    <li
      aria-current={current ? "step" : undefined}
      className={classes("flex gap-2.5 rounded-md px-2.5 py-1", isOpen && "bg-hover py-2")}
    >
      <span className={classes("flex h-5 w-4 shrink-0 items-center justify-center", colours[look])}>
        <StepShape look={look} />
      </span>
      <div className="min-w-0 grow">
        <div className="flex items-baseline gap-2">
          <span className={classes(isOpen && "font-medium", look === "pending" && "text-muted")}>
            {t(`step.${step.name}.name`)}
          </span>
          <span className={classes("text-sm", colours[look])}>{t(`look.${look}`)}</span>
          <span className="ml-auto shrink-0 font-mono text-sm text-muted">
            {timeMs === undefined ? "" : formatSeconds(timeMs)}
          </span>
        </div>
        {isOpen && (
          <p className="text-sm text-muted">
            {t(`step.${step.name}.wait`)} {t("deadline", { time: formatDuration(step.deadlineMs) })}
          </p>
        )}
        {step.detail !== undefined && (isOpen || step.name === "hypervisor") && (
          <p className={classes("text-sm break-words select-text", look === "failed" ? "text-failed" : "text-muted")}>
            {step.detail}
          </p>
        )}
      </div>
    </li>
  );
}

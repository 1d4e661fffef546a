import i18next from "i18next";
import type { ContainerSummary } from "#contract";
import { Badge } from "../../components/ui/badge.tsx";
import { StateChip } from "../../components/ui/state-chip.tsx";
import { usePendingVerb } from "../../lib/pending.ts";
import { objectOf, type Verb } from "./container-actions.ts";
import { toneOf } from "./container-view.ts";

type Stateful = Pick<ContainerSummary, "id" | "state" | "exitCode" | "health">;

/** State in shape and word; what is under way for it takes its place at once. */
export function ContainerStateChip({ container }: { readonly container: Stateful }) {
  // Only this feature writes under this name, and it writes its own verbs.
  const pending = usePendingVerb(objectOf(container.id)) as Verb | undefined;
  const { state, exitCode, health } = container;
  if (pending) return <StateChip tone="pending" label={i18next.t(`containers:pending.${pending}`)} />;
  const label =
    state === "exited" && exitCode !== undefined
      ? i18next.t("containers:state.exitedCode", { code: exitCode })
      : i18next.t(`containers:state.${state}`);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <StateChip tone={toneOf(container)} label={label} />
      {state === "running" && health === "unhealthy" && (
        <Badge tone="failed">{i18next.t("containers:health.unhealthy")}</Badge>
      )}
      {state === "running" && health === "starting" && (
        <Badge tone="paused">{i18next.t("containers:health.starting")}</Badge>
      )}
    </span>
  );
}

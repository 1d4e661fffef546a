import { useTranslation } from "react-i18next";
import type { ContainerSummary } from "#contract";
import { Badge } from "../../components/ui/badge.tsx";
import { StateChip } from "../../components/ui/state-chip.tsx";
import { usePendingVerb } from "../../lib/pending.ts";
import { objectOf, type Verb } from "./container-actions.ts";
import { toneOf } from "./container-view.ts";

type Stateful = Pick<ContainerSummary, "id" | "state" | "exitCode" | "health">;

/** State in shape and word; what is under way for it takes its place at once. */
export function ContainerStateChip({ container }: { readonly container: Stateful }) {
  const { t } = useTranslation("containers");
  // Only this feature writes under this name, and it writes its own verbs.
  const pending = usePendingVerb(objectOf(container.id)) as Verb | undefined;
  const { state, exitCode, health } = container;
  if (pending) return <StateChip tone="pending" label={t(`pending.${pending}`)} />;
  const label =
    state === "exited" && exitCode !== undefined ? t("state.exitedCode", { code: exitCode }) : t(`state.${state}`);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <StateChip tone={toneOf(container)} label={label} />
      {state === "running" && health === "unhealthy" && <Badge tone="failed">{t("health.unhealthy")}</Badge>}
      {state === "running" && health === "starting" && <Badge tone="paused">{t("health.starting")}</Badge>}
    </span>
  );
}

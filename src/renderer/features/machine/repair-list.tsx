import { useTranslation } from "react-i18next";
import type { MachineRepair, MachineState } from "#contract";
import { Button } from "../../components/ui/button.tsx";
import { usePendingVerb } from "../../lib/pending.ts";
import { machineObject, repairMachine } from "./machine-actions.ts";

type Broken = Extract<MachineState, { status: "broken" }>;

interface RepairProps {
  readonly repair: MachineRepair;
  readonly best: boolean;
}

function Repair({ repair, best }: RepairProps) {
  const { t } = useTranslation("machine");
  const pending = usePendingVerb(machineObject);
  const busy = pending === repair;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 border-t border-line px-3 py-2.5 first:border-t-0">
      <div className="min-w-48 grow basis-72">
        <p>{t(`repair.${repair}.does`)}</p>
        <p className="text-sm text-muted">{t(`repair.${repair}.keeps`)}</p>
      </div>
      <Button
        tone={best ? "primary" : "plain"}
        busy={busy}
        disabledReason={pending !== undefined && !busy ? t("busy") : undefined}
        onClick={() => void repairMachine(repair)}
      >
        {t(`repair.${repair}.verb`)}
      </Button>
    </li>
  );
}

/** What can be done about a broken machine, the best first: what each does, and what it leaves untouched. */
export function RepairList({ state }: { readonly state: Broken }) {
  const { t } = useTranslation("machine");
  const others = state.repairs.filter((repair) => repair !== state.repair);
  return (
    <section aria-label={t("repairs")} className="flex flex-col gap-1.5">
      <h2 className="font-medium">{t("repairs")}</h2>
      <ul className="rounded-md border border-line">
        <Repair repair={state.repair} best />
        {others.map((repair) => (
          <Repair key={repair} repair={repair} best={false} />
        ))}
      </ul>
    </section>
  );
}

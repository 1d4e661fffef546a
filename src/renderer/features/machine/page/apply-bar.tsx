import { useQuery } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type MachineView, type SettingChange, toAppError } from "#contract";
import { Badge } from "../../../components/ui/badge.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { client } from "../../../lib/client.ts";
import { performAndTell, usePendingVerb } from "../../../lib/pending.ts";
import { machineObject } from "../machine-actions.ts";
import type { DraftForm } from "./use-draft.ts";

type Effect = SettingChange["effect"];

const costs: readonly Effect[] = ["now", "restart", "copy-disk"];

/** The heaviest thing that the changes take. */
function heaviest(changes: readonly SettingChange[]): Effect {
  return costs[Math.max(0, ...changes.map(({ effect }) => costs.indexOf(effect)))] ?? "now";
}

function ChangeList({ changes, up }: { readonly changes: readonly SettingChange[]; readonly up: boolean }) {
  const { t } = useTranslation("machine");
  const names: Readonly<Record<string, string>> = t("setting", { returnObjects: true });
  return (
    <ul aria-label={t("apply.changes")} className="flex max-h-40 flex-col gap-1 overflow-y-auto">
      {changes.map(({ setting, from, to, effect }) => (
        <li key={setting} className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium">{names[setting] ?? setting}</span>
          <span className="text-muted">{from}</span>
          <ArrowRight size={12} aria-label={t("apply.to")} className="shrink-0 text-muted" />
          <span className="break-all">{to}</span>
          {up && <Badge tone={effect === "now" ? "running" : "paused"}>{t(`apply.effect.${effect}`)}</Badge>}
        </li>
      ))}
    </ul>
  );
}

function useChanges(settings: DraftForm["settings"]) {
  return useQuery({
    queryKey: ["machine", "diff", settings],
    queryFn: () => client.machine.diffSettings({ settings: settings ?? {} }),
    enabled: settings !== undefined,
    placeholderData: (previous) => previous,
  });
}

/** What is about to change and what it takes; nothing is changed before Apply. */
export function ApplyBar({ form, view }: { readonly form: DraftForm; readonly view: MachineView }) {
  const { t } = useTranslation("machine");
  const pending = usePendingVerb(machineObject);
  const { data, error } = useChanges(form.settings);
  const changes = data?.changes ?? [];
  const { status } = view.state;
  const up = status === "running" || status === "suspended";
  const cost = up ? heaviest(changes) : "now";
  const moving = status !== "running" && status !== "suspended" && status !== "stopped" && status !== "absent";
  const reason = !form.settings ? t("apply.wrong") : moving && status !== "broken" ? t("apply.moving") : undefined;
  const apply = (): void => {
    const { settings } = form;
    if (!settings) return;
    performAndTell({
      object: machineObject,
      verb: "apply",
      failed: t("failed.apply"),
      run: async () => {
        await client.machine.applySettings({ settings });
        form.discard();
      },
    });
  };
  return (
    <section aria-label={t("apply.title")} className="flex flex-col gap-2.5 border-t border-line bg-raised px-4 py-3">
      {form.settings && !error && <ChangeList changes={changes} up={up} />}
      {error && <p className="text-failed">{toAppError(error).message}</p>}
      {cost !== "now" && <p className="text-sm text-muted">{t(`apply.cost.${cost}`)}</p>}
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" busy={pending === "apply"} disabledReason={reason} onClick={apply}>
          {t(`apply.verb.${cost}`)}
        </Button>
        <Button tone="quiet" onClick={form.discard}>
          {t("apply.discard")}
        </Button>
      </div>
    </section>
  );
}

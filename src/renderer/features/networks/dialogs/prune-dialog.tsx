import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { useSubmit } from "../../../hooks/use-submit.ts";
import { client } from "../../../lib/client.ts";
import { notify, reportError } from "../../../lib/notify.ts";

/** Shows exactly which networks a prune would take. */
export function PruneDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation("networks");
  const { data, error } = useQuery({
    queryKey: ["prune-networks"],
    queryFn: () => client.networks.prunePreview({}),
    gcTime: 0,
  });
  const [unticked, setUnticked] = useState<ReadonlySet<string>>(new Set());
  const chosen = (data?.items ?? []).filter(({ id }) => !unticked.has(id));
  const form = useSubmit(async () => {
    const { outcomes } = await client.networks.prune({ ids: chosen.map(({ id }) => id) });
    onClose();
    const failed = outcomes.filter((outcome) => outcome.error);
    notify({ title: t("done.pruned", { count: outcomes.length - failed.length }) });
    for (const outcome of failed.slice(0, 3)) reportError(new Error(outcome.error));
  });
  const toggle = (id: string, ticked: boolean): void => {
    const next = new Set(unticked);
    if (ticked) next.delete(id);
    else next.add(id);
    setUnticked(next);
  };
  return (
    <FormDialog
      title={t("prune.title")}
      verb={t("prune.verb", { count: chosen.length })}
      form={form}
      onClose={onClose}
      danger
      disabledReason={chosen.length === 0 ? t("prune.nothing") : undefined}
    >
      {error && (
        <p role="alert" className="text-failed">
          {error.message}
        </p>
      )}
      {data?.items.length === 0 && <p className="text-muted">{t("prune.none")}</p>}
      {data && data.items.length > 0 && (
        <ul aria-label={t("prune.title")} className="max-h-64 overflow-y-auto rounded-md border border-line px-2 py-1">
          {data.items.map(({ id, name, driver }) => (
            <li key={id} className="flex items-center justify-between gap-2">
              <Checkbox checked={!unticked.has(id)} onChange={(ticked) => toggle(id, ticked)}>
                {name}
              </Checkbox>
              <span className="text-sm text-muted">{driver}</span>
            </li>
          ))}
        </ul>
      )}
    </FormDialog>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { RadioGroup } from "../../../components/ui/radio-group.tsx";
import { Skeleton } from "../../../components/ui/skeleton.tsx";
import { useSubmit } from "../../../hooks/use-submit.ts";
import { client } from "../../../lib/client.ts";
import { formatBytes } from "../../../lib/format.ts";
import { notify, reportError } from "../../../lib/notify.ts";

/** Shows exactly what a prune would take, with ticks and bytes, and takes exactly that. */
export function PruneDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation("volumes");
  const { data, error } = useQuery({
    queryKey: ["prune-volumes"],
    queryFn: () => client.volumes.prunePreview({}),
    gcTime: 0,
  });
  const [unticked, setUnticked] = useState<ReadonlySet<string>>(new Set());
  const [how, setHow] = useState<"trash" | "forever">("trash");
  const items = data?.items ?? [];
  const chosen = items.filter((item) => !item.protected && !unticked.has(item.name));
  const bytes = chosen.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
  const form = useSubmit(async () => {
    const names = chosen.map(({ name }) => name);
    const { outcomes } = await client.volumes.prune({ names, permanently: how === "forever" });
    onClose();
    const failed = outcomes.filter((outcome) => outcome.error);
    notify({ title: t("done.pruned", { count: outcomes.length - failed.length }) });
    for (const outcome of failed.slice(0, 3))
      reportError(new Error(outcome.error), t("failed.remove", { name: outcome.name }));
  });
  const toggle = (name: string, ticked: boolean): void => {
    const next = new Set(unticked);
    if (ticked) next.delete(name);
    else next.add(name);
    setUnticked(next);
  };
  return (
    <FormDialog
      title={t("prune.title")}
      verb={t("prune.verb", { count: chosen.length })}
      form={form}
      onClose={onClose}
      danger
      wide
      disabledReason={chosen.length === 0 ? t("prune.nothing") : undefined}
    >
      {error && (
        <p role="alert" className="text-failed">
          {error.message}
        </p>
      )}
      {!data && !error && <Skeleton what={t("prune.title")} />}
      {data && items.length === 0 && <p className="text-muted">{t("prune.none")}</p>}
      {items.length > 0 && (
        <>
          <p className="text-muted" role="status">
            {t("prune.sum", { count: chosen.length, size: formatBytes(bytes) })}
          </p>
          <ul aria-label={t("prune.list")} className="max-h-64 overflow-y-auto rounded-md border border-line px-2 py-1">
            {items.map((item) => (
              <li key={item.name} className="flex items-center gap-2">
                <Checkbox
                  checked={!item.protected && !unticked.has(item.name)}
                  onChange={(ticked) => toggle(item.name, ticked)}
                  className="min-w-0 grow"
                >
                  <span className="truncate">{item.name}</span>
                </Checkbox>
                <span className="shrink-0 text-sm text-muted">
                  {item.protected ? t("protected") : item.sizeBytes === undefined ? "" : formatBytes(item.sizeBytes)}
                </span>
              </li>
            ))}
          </ul>
          <RadioGroup
            label={t("remove.how")}
            value={how}
            onChange={setHow}
            options={[
              { value: "trash", label: t("remove.toTrash"), hint: t("prune.trashHint") },
              { value: "forever", label: t("remove.delete") },
            ]}
          />
        </>
      )}
    </FormDialog>
  );
}

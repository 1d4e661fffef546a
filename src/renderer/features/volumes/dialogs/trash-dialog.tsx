import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { VolumeSummary } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { EmptyState } from "../../../components/ui/empty-state.tsx";
import { useLiveList, useLiveValue } from "../../../hooks/use-live.ts";
import { useSettings } from "../../../hooks/use-settings.ts";
import { useSubmit } from "../../../hooks/use-submit.ts";
import { client } from "../../../lib/client.ts";
import { formatAgo, formatBytes } from "../../../lib/format.ts";
import { notify, reportError } from "../../../lib/notify.ts";
import { volumeFactsSource, volumesSource } from "../../../lib/sources.ts";
import { measure } from "../volume-actions.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function nameOf({ name, role }: VolumeSummary): string {
  return role.kind === "own" ? name : role.name;
}

interface TrashItemProps {
  readonly volume: VolumeSummary;
  readonly sizeBytes: number | undefined;
  readonly onDelete: () => void;
}

function TrashItem({ volume, sizeBytes, onDelete }: TrashItemProps) {
  const { t } = useTranslation("volumes");
  const { settings } = useSettings();
  const { role } = volume;
  const name = nameOf(volume);
  const restore = useSubmit(async () => {
    try {
      const restored = await client.volumes.restore({ trash: volume.name });
      notify({ title: t("done.restored", { name: restored.name }) });
    } catch (error) {
      reportError(error, t("failed.restore", { name }));
    }
  });
  const when =
    role.kind === "trash"
      ? t(`trash.why.${role.why}`, {
          when: formatAgo(role.removedAt),
          // Rounded up: a week is not six days a second later.
          until: formatAgo(role.removedAt + settings.trashDays * dayMs + hourMs),
        })
      : t("trash.unfinished");
  return (
    <li className="flex flex-wrap items-center gap-2 border-b border-line px-2 py-1.5 last:border-b-0">
      <div className="min-w-0 grow">
        <div className="truncate font-medium">{name}</div>
        <div className="text-sm text-muted">
          {when}
          {sizeBytes === undefined ? "" : ` · ${formatBytes(sizeBytes)}`}
        </div>
      </div>
      {role.kind === "trash" && (
        <Button onClick={restore.submit} busy={restore.busy} aria-label={`${t("verb.restore")} ${name}`}>
          {t("verb.restore")}
        </Button>
      )}
      <Button onClick={onDelete} aria-label={`${t("trash.delete")} ${name}`}>
        {t("trash.delete")}
      </Button>
    </li>
  );
}

/** What was removed and can be had back, what it costs, and what a cut-off job left. */
export function TrashDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation("volumes");
  const list = useLiveList(volumesSource).items ?? [];
  const facts = useLiveValue(volumeFactsSource);
  const items = list.filter(({ role }) => role.kind !== "own");
  const sizes = new Map(facts?.sizes.map(({ name, sizeBytes }) => [name, sizeBytes]));
  const total = items.reduce((sum, { name }) => sum + (sizes.get(name) ?? 0), 0);
  const [doomed, setDoomed] = useState<readonly VolumeSummary[]>([]);
  const discard = useSubmit(async () => {
    const { outcomes } = await client.volumes.discard({ names: doomed.map(({ name }) => name) });
    const failed = outcomes.filter((outcome) => outcome.error);
    notify({ title: t("done.pruned", { count: outcomes.length - failed.length }) });
    for (const { error } of failed.slice(0, 3)) reportError(new Error(error), t("trash.notDeleted"));
  });
  const unmeasured = items.some(({ name }) => !sizes.has(name));
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("trash.title")}
      wide
      footer={
        <>
          {unmeasured && <Button onClick={() => measure(undefined)}>{t("trash.measure")}</Button>}
          <Button
            tone="danger"
            busy={discard.busy}
            disabledReason={items.length === 0 ? t("trash.none") : undefined}
            onClick={() => setDoomed(items)}
          >
            {t("trash.empty", { count: items.length })}
          </Button>
        </>
      }
    >
      {items.length === 0 ? (
        <EmptyState title={t("trash.none")} body={t("trash.noneBody")} />
      ) : (
        <>
          <p role="status" className="text-muted">
            {unmeasured && total === 0
              ? t("trash.costUnknown", { count: items.length })
              : t("trash.cost", { count: items.length, size: formatBytes(total) })}
          </p>
          <ul aria-label={t("trash.title")} className="max-h-96 overflow-y-auto rounded-md border border-line">
            {items.map((volume) => (
              <TrashItem
                key={volume.name}
                volume={volume}
                sizeBytes={sizes.get(volume.name)}
                onDelete={() => setDoomed([volume])}
              />
            ))}
          </ul>
        </>
      )}
      <ConfirmDialog
        open={doomed.length > 0}
        onClose={() => setDoomed([])}
        title={
          doomed.length === 1 && doomed[0]
            ? t("trash.deleteOne", { name: nameOf(doomed[0]) })
            : t("trash.deleteAll", { count: doomed.length })
        }
        consequence={t("trash.forever")}
        verb={t("trash.delete")}
        onConfirm={discard.submit}
      />
    </Dialog>
  );
}

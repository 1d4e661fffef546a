import i18next from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { runBulk } from "../../../components/table/run-bulk.ts";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx";
import { useReadiness } from "../../../hooks/use-engine.ts";
import { client } from "../../../lib/client.ts";
import { notify, reportError } from "../../../lib/notify.ts";
import { performAndTell } from "../../../lib/pending.ts";
import { actInBulk, objectOf, type Target } from "../container-actions.ts";
import { isUp } from "../container-view.ts";

type Removed = Awaited<ReturnType<typeof client.containers.remove>>;

async function restoreAll(trashed: Removed["trashed"]): Promise<void> {
  let count = 0;
  for (const { trash, name } of trashed) {
    try {
      await client.volumes.restore({ trash });
      count += 1;
    } catch (error) {
      reportError(error, i18next.t("volumes:failed.restore", { name }));
    }
  }
  if (count > 0) notify({ title: i18next.t("containers:volumes.restored", { count }) });
}

/** Says where the data of removed containers is, with the way back. */
function tellVolumes(all: readonly Removed[]): void {
  const trashed = all.flatMap((removed) => removed.trashed);
  const [kept] = all.flatMap((removed) => removed.kept);
  if (kept) notify({ title: i18next.t("containers:volumes.kept"), description: kept.why });
  if (trashed.length === 0) return;
  const undo = { label: i18next.t("volumes:undo"), run: () => void restoreAll(trashed) };
  notify({ title: i18next.t("containers:volumes.trashed", { count: trashed.length }), action: undo });
}

function remove(targets: readonly Target[], removeVolumes: boolean): void {
  const all: Removed[] = [];
  const call = async ({ id, state }: Target): Promise<void> => {
    all.push(await client.containers.remove({ id, force: isUp(state), removeVolumes }));
  };
  const [only] = targets;
  if (only && targets.length === 1) {
    const failed = i18next.t("containers:failed.remove", { name: only.name });
    const run = (): Promise<void> => call(only).then(() => tellVolumes(all));
    performAndTell({ object: objectOf(only.id), verb: "remove", run, failed });
    return;
  }
  void runBulk({
    verb: i18next.t("containers:verb.remove"),
    items: targets,
    nameOf: ({ name }) => name,
    run: (target) => actInBulk("remove", target, () => call(target)),
  }).then(() => tellVolumes(all));
}

interface RemoveDialogProps {
  readonly targets: readonly Target[];
  readonly onClose: () => void;
}

/** Asks before one container, or a selection of them, is removed. */
export function RemoveDialog({ targets, onClose }: RemoveDialogProps) {
  const { t } = useTranslation("containers");
  const readiness = useReadiness();
  const [volumes, setVolumes] = useState(false);
  const count = targets.length;
  const running = targets.filter(({ state }) => isUp(state)).length;
  const isOne = count === 1;
  const title = isOne
    ? t("dialog.remove.title", { name: targets[0]?.name ?? "" })
    : t("dialog.remove.title_many", { count });
  const killed = isOne ? t("dialog.remove.running") : t("dialog.remove.running_many", { count: running });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={title}
      consequence={running > 0 ? `${killed} ${t("dialog.remove.body")}` : t("dialog.remove.body")}
      verb={t("verb.remove")}
      disabledReason={readiness.reason}
      onConfirm={() => remove(targets, volumes)}
    >
      {!isOne && (
        <ul tabIndex={0} className="max-h-32 overflow-y-auto rounded-md border border-line bg-sunken px-2.5 py-1.5">
          {targets.map(({ id, name }) => (
            <li key={id} className="truncate">
              {name}
            </li>
          ))}
        </ul>
      )}
      <Checkbox checked={volumes} onChange={setVolumes}>
        {isOne ? t("dialog.remove.volumes") : t("dialog.remove.volumes_many")}
      </Checkbox>
    </ConfirmDialog>
  );
}

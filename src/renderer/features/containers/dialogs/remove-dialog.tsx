import i18next from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { runBulk } from "../../../components/table/run-bulk.ts";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx";
import { useReadiness } from "../../../hooks/use-engine.ts";
import { client } from "../../../lib/client.ts";
import { performAndTell } from "../../../lib/pending.ts";
import { actInBulk, objectOf, type Target } from "../container-actions.ts";
import { isUp } from "../container-view.ts";

function remove(targets: readonly Target[], removeVolumes: boolean): void {
  const call = ({ id, state }: Target) => client.containers.remove({ id, force: isUp(state), removeVolumes });
  const [only] = targets;
  if (only && targets.length === 1) {
    const failed = i18next.t("containers:failed.remove", { name: only.name });
    performAndTell({ object: objectOf(only.id), verb: "remove", run: () => call(only), failed });
    return;
  }
  void runBulk({
    verb: i18next.t("containers:verb.remove"),
    items: targets,
    nameOf: ({ name }) => name,
    run: (target) => actInBulk("remove", target, () => call(target)),
  });
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
      disabledReason={readiness.ready ? undefined : readiness.reason}
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

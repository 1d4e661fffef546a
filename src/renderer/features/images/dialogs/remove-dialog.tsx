import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type RemovalPlan, toAppError } from "#contract";
import { runBulk } from "../../../components/table/run-bulk.ts";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx";
import { useReadiness } from "../../../hooks/use-engine.ts";
import { client } from "../../../lib/client.ts";
import { formatBytes } from "../../../lib/format.ts";
import { performAndTell } from "../../../lib/pending.ts";
import { objectOf, type Target } from "../image-actions.ts";

interface DialogProps {
  readonly onClose: () => void;
}

function isUp({ state }: RemovalPlan["containers"][number]): boolean {
  return state === "running" || state === "paused" || state === "restarting";
}

/** What removing means here: a tag alone, or the image. */
function useConsequence(target: Target, plan: RemovalPlan | undefined, whole: boolean): string {
  const { t } = useTranslation("images");
  if (!plan) return t("removeDialog.checking");
  const size = formatBytes(plan.uniqueBytes);
  if (plan.tags.length === 0) return t("removeDialog.dangling", { size });
  if (plan.tags.length === 1) return t("removeDialog.lastTag", { size });
  if (whole || target.reference === undefined) return t("removeDialog.whole", { size });
  return t("removeDialog.oneOf", { count: plan.tags.length });
}

function RemoveOne({ target, onClose }: DialogProps & { readonly target: Target }) {
  const { t } = useTranslation("images");
  const readiness = useReadiness();
  const [whole, setWhole] = useState(false);
  const [force, setForce] = useState(false);
  const { data: plan, error } = useQuery({
    queryKey: ["images", "removal", target.id],
    queryFn: ({ signal }) => client.images.removalPlan({ id: target.id }, { signal }),
    gcTime: 0,
    retry: false,
  });
  const { id, reference, name } = target;
  const onlyTag = plan !== undefined && plan.tags.length > 1 && !whole && reference !== undefined;
  const blocking = onlyTag ? [] : (plan?.containers ?? []);
  const running = blocking.some(isUp);
  const consequence = useConsequence(target, plan, whole);
  const blocked = running
    ? t("removeDialog.runningFirst")
    : blocking.length > 0 && !force
      ? t("removeDialog.stoppedFirst")
      : undefined;
  const notYet = plan ? blocked : error ? toAppError(error).message : t("removeDialog.checking");
  const remove = (): void =>
    performAndTell({
      object: objectOf(id),
      verb: "remove",
      run: () => (onlyTag ? client.images.untag({ reference: reference ?? "" }) : client.images.remove({ id, force })),
      failed: t("removeDialog.failed", { name }),
    });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t("removeDialog.title", { name })}
      consequence={error ? toAppError(error).message : consequence}
      verb={t("verb.remove")}
      disabledReason={readiness.reason ?? notYet}
      onConfirm={remove}
    >
      {plan && plan.tags.length > 1 && reference !== undefined && (
        <Checkbox checked={whole} onChange={setWhole}>
          {t("removeDialog.all")}
        </Checkbox>
      )}
      {blocking.length > 0 && (
        <div className="flex flex-col gap-1">
          <p>{t("removeDialog.blocked", { count: blocking.length })}</p>
          <ul tabIndex={0} className="max-h-32 overflow-y-auto rounded-md border border-line bg-sunken px-2.5 py-1.5">
            {blocking.map((container) => (
              <li key={container.id}>
                {container.name} <span className="text-muted">{container.state}</span>
              </li>
            ))}
          </ul>
          {blocked && <p className="text-paused">{blocked}</p>}
          {!running && (
            <Checkbox checked={force} onChange={setForce}>
              {t("removeDialog.force")}
            </Checkbox>
          )}
        </div>
      )}
      {plan && plan.children.length > 0 && !onlyTag && (
        <p className="text-muted">{t("removeDialog.children", { count: plan.children.length })}</p>
      )}
    </ConfirmDialog>
  );
}

function RemoveMany({ targets, onClose }: DialogProps & { readonly targets: readonly Target[] }) {
  const { t } = useTranslation("images");
  const readiness = useReadiness();
  const byId = [...new Map(targets.map((target) => [target.id, target])).values()];
  const remove = (): void =>
    void runBulk({
      verb: t("verb.remove"),
      items: byId,
      nameOf: ({ name }) => name,
      run: ({ id }) => client.images.remove({ id, force: false }),
    });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t("removeDialog.title_many", { count: byId.length })}
      consequence={t("removeDialog.many")}
      verb={t("verb.remove")}
      disabledReason={readiness.reason}
      onConfirm={remove}
    >
      <ul tabIndex={0} className="max-h-40 overflow-y-auto rounded-md border border-line bg-sunken px-2.5 py-1.5">
        {byId.map(({ id, name, tags }) => (
          <li key={id} className="break-words">
            {tags.length > 0 ? tags.join(", ") : name}
          </li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}

/** Asks before an image, one of its tags, or a selection of images goes. */
export function RemoveDialog({ targets, onClose }: DialogProps & { readonly targets: readonly Target[] }) {
  const [only] = targets;
  if (only && targets.length === 1) return <RemoveOne target={only} onClose={onClose} />;
  return <RemoveMany targets={targets} onClose={onClose} />;
}

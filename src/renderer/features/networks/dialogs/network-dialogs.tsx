import { useNavigate } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { NetworkMember, NetworkSummary } from "#contract";
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx";
import { lazyPart } from "../../../lib/load-part.ts";
import { ask, removeNetwork, useQuestion } from "../network-actions.ts";
import { useMembers } from "../use-members.ts";

const CreateDialog = lazyPart(() => import("./create-dialog.tsx"), "CreateDialog");
const ConnectDialog = lazyPart(() => import("./connect-dialog.tsx"), "ConnectDialog");
const ReachDialog = lazyPart(() => import("./reach-dialog.tsx"), "ReachDialog");
const PruneDialog = lazyPart(() => import("./prune-dialog.tsx"), "PruneDialog");

/** Names that a sentence has room for. */
const shownNames = 3;

/** Who still needs the network is said before the engine is asked. */
function RemoveDialog({ network, onClose }: { readonly network: NetworkSummary; readonly onClose: () => void }) {
  const { t } = useTranslation("networks");
  const navigate = useNavigate();
  const { members = [] } = useMembers(network.id);
  const say = (key: "members" | "stopped", who: readonly NetworkMember[]): string | undefined => {
    const names = who.slice(0, shownNames).map(({ name }) => name);
    const rest = who.length - names.length;
    const all = rest > 0 ? t("remove.more", { names: names.join(", "), count: rest }) : names.join(", ");
    return who.length > 0 ? t(`remove.${key}`, { names: all, count: who.length }) : undefined;
  };
  const inTheWay = say(
    "members",
    members.filter(({ running }) => running),
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t("remove.title", { name: network.name })}
      consequence={inTheWay ?? say("stopped", members) ?? t("remove.body")}
      disabledReason={inTheWay}
      verb={t("verb.remove")}
      onConfirm={() => removeNetwork(network, () => void navigate({ to: "/networks" }))}
    />
  );
}

/** The question that is open, if any. */
export function NetworkDialogs() {
  const question = useQuestion((state) => state.open);
  const close = (): void => ask(undefined);
  if (!question) return null;
  return (
    <Suspense>
      {question.kind === "create" && <CreateDialog onClose={close} />}
      {question.kind === "prune" && <PruneDialog onClose={close} />}
      {question.kind === "reach" && <ReachDialog network={question.network} onClose={close} />}
      {question.kind === "connect" && <ConnectDialog network={question.network} onClose={close} />}
      {question.kind === "remove" && <RemoveDialog network={question.network} onClose={close} />}
    </Suspense>
  );
}

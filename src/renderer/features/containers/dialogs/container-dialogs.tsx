import { Suspense } from "react";
import { lazyPart, loadWhenCalm } from "../../../lib/load-part.ts";
import { ask, useQuestion } from "../container-actions.ts";

// The first screen needs none of them, and the forms bring react-hook-form with them.
const CreateDialog = lazyPart(() => import("./create-dialog.tsx"), "CreateDialog");
const loadRemove = () => import("./remove-dialog.tsx");
const RemoveDialog = lazyPart(loadRemove, "RemoveDialog");
loadWhenCalm(loadRemove);
const KillDialog = lazyPart(() => import("./kill-dialog.tsx"), "KillDialog");
const RenameDialog = lazyPart(() => import("./rename-dialog.tsx"), "RenameDialog");

/** The question that is open, if any. Mounted by the list and by the page. */
export function ContainerDialogs() {
  const question = useQuestion((state) => state.open);
  const close = (): void => ask(undefined);
  return (
    <Suspense>
      {question?.verb === "remove" && <RemoveDialog targets={question.targets} onClose={close} />}
      {question?.verb === "kill" && <KillDialog target={question.target} onClose={close} />}
      {question?.verb === "rename" && <RenameDialog target={question.target} onClose={close} />}
      {question?.verb === "create" && <CreateDialog onClose={close} />}
    </Suspense>
  );
}

import { Suspense } from "react";
import { lazyPart } from "../../../lib/load-part.ts";
import { ask, useQuestion } from "../container-actions.ts";
import { KillDialog } from "./kill-dialog.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";

// The forms bring react-hook-form with them; the first screen does not need it.
const CreateDialog = lazyPart(() => import("./create-dialog.tsx"), "CreateDialog");
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

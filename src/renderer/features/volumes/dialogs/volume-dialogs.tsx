import { Suspense } from "react";
import { lazyPart } from "../../../lib/load-part.ts";
import { ask, useQuestion } from "../volume-actions.ts";
import { EmptyDialog } from "./empty-dialog.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";
import { RemoveManyDialog } from "./remove-many-dialog.tsx";

const CreateDialog = lazyPart(() => import("./create-dialog.tsx"), "CreateDialog");
const ExportDialog = lazyPart(() => import("./export-dialog.tsx"), "ExportDialog");
const ImportDialog = lazyPart(() => import("./import-dialog.tsx"), "ImportDialog");
const CloneDialog = lazyPart(() => import("./clone-dialog.tsx"), "CloneDialog");
const PruneDialog = lazyPart(() => import("./prune-dialog.tsx"), "PruneDialog");
const TrashDialog = lazyPart(() => import("./trash-dialog.tsx"), "TrashDialog");

/** The question that is open, if any. Mounted by the list and by the page. */
export function VolumeDialogs() {
  const question = useQuestion((state) => state.open);
  const close = (): void => ask(undefined);
  if (!question) return null;
  const { kind } = question;
  return (
    <Suspense>
      {kind === "create" && <CreateDialog onClose={close} />}
      {kind === "prune" && <PruneDialog onClose={close} />}
      {kind === "trash" && <TrashDialog onClose={close} />}
      {kind === "remove" && <RemoveDialog name={question.name} onClose={close} />}
      {kind === "removeMany" && <RemoveManyDialog names={question.names} onClose={close} />}
      {kind === "empty" && <EmptyDialog name={question.name} onClose={close} />}
      {kind === "export" && <ExportDialog name={question.name} onClose={close} />}
      {kind === "clone" && <CloneDialog name={question.name} onClose={close} />}
      {kind === "import" && <ImportDialog name={question.name} onClose={close} />}
    </Suspense>
  );
}

import { lazy, Suspense } from "react";
import { ask, useQuestion } from "../volume-actions.ts";
import { EmptyDialog } from "./empty-dialog.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";

const CreateDialog = lazy(() => import("./create-dialog.tsx").then((module) => ({ default: module.CreateDialog })));
const ExportDialog = lazy(() => import("./export-dialog.tsx").then((module) => ({ default: module.ExportDialog })));
const ImportDialog = lazy(() => import("./import-dialog.tsx").then((module) => ({ default: module.ImportDialog })));
const CloneDialog = lazy(() => import("./clone-dialog.tsx").then((module) => ({ default: module.CloneDialog })));
const PruneDialog = lazy(() => import("./prune-dialog.tsx").then((module) => ({ default: module.PruneDialog })));
const TrashDialog = lazy(() => import("./trash-dialog.tsx").then((module) => ({ default: module.TrashDialog })));

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
      {kind === "empty" && <EmptyDialog name={question.name} onClose={close} />}
      {kind === "export" && <ExportDialog name={question.name} onClose={close} />}
      {kind === "clone" && <CloneDialog name={question.name} onClose={close} />}
      {kind === "import" && <ImportDialog name={question.name} onClose={close} />}
    </Suspense>
  );
}

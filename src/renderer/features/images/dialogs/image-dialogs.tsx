import { lazy, Suspense } from "react";
import { ask, useQuestion } from "../image-actions.ts";

const PullDialog = lazy(() => import("./pull-dialog.tsx").then((module) => ({ default: module.PullDialog })));
const RunDialog = lazy(() => import("./run-dialog.tsx").then((module) => ({ default: module.RunDialog })));
const PruneDialog = lazy(() => import("./prune-dialog.tsx").then((module) => ({ default: module.PruneDialog })));
const RemoveDialog = lazy(() => import("./remove-dialog.tsx").then((module) => ({ default: module.RemoveDialog })));
const TagDialog = lazy(() => import("./tag-dialog.tsx").then((module) => ({ default: module.TagDialog })));
const PushDialog = lazy(() => import("./push-dialog.tsx").then((module) => ({ default: module.PushDialog })));
const SaveDialog = lazy(() => import("./file-dialogs.tsx").then((module) => ({ default: module.SaveDialog })));
const LoadDialog = lazy(() => import("./file-dialogs.tsx").then((module) => ({ default: module.LoadDialog })));
const ImportDialog = lazy(() => import("./file-dialogs.tsx").then((module) => ({ default: module.ImportDialog })));

function OpenDialog() {
  const question = useQuestion((state) => state.open);
  const close = (): void => ask(undefined);
  switch (question?.verb) {
    case undefined:
      return null;
    case "pull":
      return <PullDialog reference={question.reference ?? ""} onClose={close} />;
    case "load":
      return <LoadDialog onClose={close} />;
    case "import":
      return <ImportDialog onClose={close} />;
    case "prune":
      return <PruneDialog onClose={close} />;
    case "run":
      return <RunDialog target={question.target} onClose={close} />;
    case "tag":
      return <TagDialog target={question.target} onClose={close} />;
    case "push":
      return <PushDialog target={question.target} onClose={close} />;
    case "save":
      return <SaveDialog targets={question.targets} onClose={close} />;
    case "remove":
      return <RemoveDialog targets={question.targets} onClose={close} />;
  }
}

/** The question that is open, if any. Mounted by the list and by the page. */
export function ImageDialogs() {
  return (
    <Suspense>
      <OpenDialog />
    </Suspense>
  );
}

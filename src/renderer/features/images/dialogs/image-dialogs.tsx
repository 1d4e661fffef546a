import { Suspense } from "react";
import { lazyPart } from "../../../lib/load-part.ts";
import { ask, useQuestion } from "../image-actions.ts";

const PullDialog = lazyPart(() => import("./pull-dialog.tsx"), "PullDialog");
const RunDialog = lazyPart(() => import("./run-dialog.tsx"), "RunDialog");
const PruneDialog = lazyPart(() => import("./prune-dialog.tsx"), "PruneDialog");
const RemoveDialog = lazyPart(() => import("./remove-dialog.tsx"), "RemoveDialog");
const TagDialog = lazyPart(() => import("./tag-dialog.tsx"), "TagDialog");
const PushDialog = lazyPart(() => import("./push-dialog.tsx"), "PushDialog");
const SaveDialog = lazyPart(() => import("./file-dialogs.tsx"), "SaveDialog");
const LoadDialog = lazyPart(() => import("./file-dialogs.tsx"), "LoadDialog");
const ImportDialog = lazyPart(() => import("./file-dialogs.tsx"), "ImportDialog");

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

import { Popover } from "@base-ui/react/popover";
import { useTranslation } from "react-i18next";
import type { Task } from "#contract";
import { client } from "../../lib/client.ts";
import { reportError } from "../../lib/notify.ts";
import { Button } from "../ui/button.tsx";
import { TaskRow } from "./task-row.tsx";
import { isRunning } from "./task-words.ts";

function List({ tasks, onDone }: { readonly tasks: readonly Task[]; readonly onDone: () => void }) {
  const { t } = useTranslation("tasks");
  const dismissEnded = (): void => void client.tasks.dismissEnded({}).catch((error: unknown) => reportError(error));
  return (
    <>
      <header className="flex min-h-10 items-center justify-between gap-3 border-b border-line px-3">
        <Popover.Title className="font-medium">{t("title")}</Popover.Title>
        {tasks.some((task) => !isRunning(task)) && (
          <Button tone="quiet" onClick={dismissEnded}>
            {t("dismissEnded")}
          </Button>
        )}
      </header>
      {tasks.length === 0 ? (
        <p className="px-3 py-4 text-muted">{t("none")}</p>
      ) : (
        <ul aria-label={t("title")} className="max-h-[60vh] overflow-y-auto">
          {tasks.toReversed().map((task) => (
            <TaskRow key={task.id} task={task} onDone={onDone} />
          ))}
        </ul>
      )}
    </>
  );
}

interface TasksPopupProps {
  readonly open: boolean;
  readonly anchor: Element | null;
  readonly tasks: readonly Task[];
  readonly onClose: () => void;
}

/** Each task, with what can be done to it. */
export function TasksPopup({ open, anchor, tasks, onClose }: TasksPopupProps) {
  return (
    <Popover.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Popover.Portal>
        <Popover.Positioner anchor={anchor} align="end" side="top" sideOffset={6} collisionPadding={8} className="z-40">
          <Popover.Popup className="popup w-104 max-w-[calc(100vw-16px)]">
            <List tasks={tasks} onDone={onClose} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

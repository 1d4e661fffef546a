import { Popover } from "@base-ui/react/popover";
import { CircleAlert, ListChecks } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Task } from "#contract";
import { useLiveList } from "../../hooks/use-live.ts";
import { client } from "../../lib/client.ts";
import { notify, reportError } from "../../lib/notify.ts";
import { tasksSource } from "../../lib/sources.ts";
import { Button } from "../ui/button.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { TaskRow } from "./task-row.tsx";
import { taskTitle } from "./task-words.ts";

const none: readonly Task[] = [];

const isRunning = ({ state }: Task): boolean => state.status === "running" || state.status === "cancelling";

/** Tells of tasks that end while their list is closed. */
function useEndNotices(tasks: readonly Task[], isOpen: boolean): void {
  const running = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    for (const task of tasks) {
      if (isOpen || isRunning(task) || !running.current.has(task.id)) continue;
      if (task.state.status === "done") notify({ title: task.state.result.summary });
      if (task.state.status === "failed") {
        notify({ title: taskTitle(task), description: task.state.error.message, details: task.state.error.message });
      }
    }
    running.current = new Set(tasks.filter(isRunning).map(({ id }) => id));
  }, [tasks, isOpen]);
}

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

/** The task list of the status bar: how many run, and at a click each of them. */
export function TasksButton() {
  const { t } = useTranslation("tasks");
  const tasks = useLiveList(tasksSource).items ?? none;
  const [open, setOpen] = useState(false);
  useEndNotices(tasks, open);
  const running = tasks.filter(isRunning).length;
  const failed = tasks.filter(({ state }) => state.status === "failed").length;
  const text = running > 0 ? t("running", { count: running }) : failed > 0 ? t("failed", { count: failed }) : t("open");
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="flex h-6 items-center gap-1.5 rounded-sm px-1.5 select-none hover:bg-hover hover:text-ink">
        {running > 0 ? <Spinner size={12} /> : null}
        {running === 0 && failed > 0 ? <CircleAlert size={12} aria-hidden className="text-failed" /> : null}
        {running === 0 && failed === 0 ? <ListChecks size={12} aria-hidden /> : null}
        {text}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="end" side="top" sideOffset={6} collisionPadding={8} className="z-40">
          <Popover.Popup className="popup w-104 max-w-[calc(100vw-16px)]">
            <List tasks={tasks} onDone={() => setOpen(false)} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

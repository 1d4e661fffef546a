import { CircleAlert, ListChecks } from "lucide-react";
import { Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Task } from "#contract";
import { useLiveList } from "../../hooks/use-live.ts";
import { usePopupButton } from "../../hooks/use-popup-button.ts";
import { lazyPart } from "../../lib/load-part.ts";
import { notify } from "../../lib/notify.ts";
import { tasksSource } from "../../lib/sources.ts";
import { Spinner } from "../ui/spinner.tsx";
import { isRunning, taskNotDone } from "./task-words.ts";

const none: readonly Task[] = [];

const TasksPopup = lazyPart(() => import("./tasks-popup.tsx"), "TasksPopup");

/** Tells of tasks that end while their list is closed; one may be so quick that it is never seen to run. */
function useEndNotices(tasks: readonly Task[] | undefined, isOpen: boolean): void {
  /** Those that had ended when they were last looked at; undefined before the first look, which finds old ones. */
  const ended = useRef<ReadonlySet<string>>(undefined);
  useEffect(() => {
    if (!tasks) return;
    for (const task of tasks) {
      if (isOpen || isRunning(task) || (ended.current?.has(task.id) ?? true)) continue;
      if (task.state.status === "done") notify({ title: task.state.result.summary });
      if (task.state.status === "failed") {
        const { message } = task.state.error;
        notify({ title: taskNotDone(task), description: message, details: message, failed: true });
      }
    }
    ended.current = new Set(tasks.filter((task) => !isRunning(task)).map(({ id }) => id));
  }, [tasks, isOpen]);
}

/** The task list of the status bar: how many run, and at a click each of them. */
export function TasksButton() {
  const { t } = useTranslation("tasks");
  const { items } = useLiveList(tasksSource);
  const tasks = items ?? none;
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  const popup = usePopupButton("dialog");
  useEndNotices(items, popup.open);
  const running = tasks.filter(isRunning).length;
  const failed = tasks.filter(({ state }) => state.status === "failed").length;
  const text = running > 0 ? t("running", { count: running }) : failed > 0 ? t("failed", { count: failed }) : t("open");
  return (
    <>
      <button
        ref={setButton}
        type="button"
        className="flex h-6 items-center gap-1.5 rounded-sm px-1.5 select-none hover:bg-hover hover:text-ink"
        {...popup.button}
      >
        {running > 0 ? <Spinner size={12} /> : null}
        {running === 0 && failed > 0 ? <CircleAlert size={12} aria-hidden className="text-failed" /> : null}
        {running === 0 && failed === 0 ? <ListChecks size={12} aria-hidden /> : null}
        {text}
      </button>
      {popup.asked && (
        <Suspense>
          <TasksPopup open={popup.open} anchor={button} tasks={tasks} onClose={() => popup.setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

import { useNavigate } from "@tanstack/react-router";
import { Ban, CircleAlert, CircleCheck, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Task, TaskItem } from "#contract";
import { client } from "../../lib/client.ts";
import { formatBytes, shortId } from "../../lib/format.ts";
import { reportError } from "../../lib/notify.ts";
import { LoginDialog } from "../registry/login-dialog.tsx";
import { Button } from "../ui/button.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { taskFacts, taskFraction, taskTitle } from "./task-words.ts";

function Item({ item }: { readonly item: TaskItem }) {
  const { t } = useTranslation("tasks");
  const { label, state, activity, doneBytes, totalBytes } = item;
  const bytes = totalBytes ? t("of", { done: formatBytes(doneBytes ?? 0), total: formatBytes(totalBytes) }) : "";
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5 text-sm">
      <span data-tip-cut="" className="truncate font-mono">
        {label}
      </span>
      <span className="text-muted">{[activity || t(`item.${state}`), bytes].filter(Boolean).join(" · ")}</span>
      {state === "active" && totalBytes ? (
        <ProgressBar className="col-span-2" label={label} value={(doneBytes ?? 0) / totalBytes} />
      ) : null}
    </li>
  );
}

function StateIcon({ task }: { readonly task: Task }) {
  switch (task.state.status) {
    case "running":
    case "cancelling":
      return <Spinner />;
    case "done":
      return <CircleCheck size={15} aria-hidden className="text-running" />;
    case "failed":
      return <CircleAlert size={15} aria-hidden className="text-failed" />;
    case "cancelled":
      return <Ban size={15} aria-hidden className="text-muted" />;
  }
}

function reasonOf({ state }: Task): { reason: string; registry: string; buildId: string } {
  const data = state.status === "failed" ? (state.error.data ?? {}) : {};
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return { reason: text(data.reason), registry: text(data.registry), buildId: text(data.buildId) };
}

/** Starts the same again. */
async function retry({ kind, subject }: Task): Promise<void> {
  if (kind === "pull") await client.images.pull({ reference: subject });
  if (kind === "push") await client.images.push({ reference: subject });
}

function NextSteps({ task, onDone }: { readonly task: Task; readonly onDone: () => void }) {
  const { t } = useTranslation("tasks");
  const navigate = useNavigate();
  const [loggingIn, setLoggingIn] = useState(false);
  const { state, kind } = task;
  const { reason, registry, buildId: failedBuild } = reasonOf(task);
  const again = (): void => void retry(task).catch((error: unknown) => reportError(error));
  const facts = state.status === "done" ? state.result.facts : {};
  const buildId = facts.buildId || failedBuild;
  const open = (to: string, id: string): void => {
    onDone();
    void navigate({ to, params: { id } });
  };
  return (
    <div className="flex flex-wrap gap-1.5 empty:hidden">
      {registry !== "" && (reason === "unauthorised" || reason === "rate_limit") && (
        <Button onClick={() => setLoggingIn(true)}>{t("login", { registry })}</Button>
      )}
      {state.status === "failed" && (kind === "pull" || kind === "push") && (
        <Button onClick={again}>{t("retry")}</Button>
      )}
      {buildId ? (
        <Button onClick={() => open("/builds/$id", buildId)}>{t("openBuild")}</Button>
      ) : facts.imageId ? (
        <Button onClick={() => open("/images/$id", shortId(facts.imageId ?? ""))}>{t("openImage")}</Button>
      ) : null}
      {loggingIn && <LoginDialog address={registry} onClose={() => setLoggingIn(false)} onDone={again} />}
    </div>
  );
}

/** One task: what it does, how far it is, its parts, and the way to end it. */
export function TaskRow({ task, onDone }: { readonly task: Task; readonly onDone: () => void }) {
  const { t } = useTranslation("tasks");
  const { id, state, progress } = task;
  const name = taskTitle(task);
  const runs = state.status === "running" || state.status === "cancelling";
  const act = (call: Promise<unknown>): void => void call.catch((error: unknown) => reportError(error));
  return (
    <li aria-label={name} className="flex flex-col gap-1.5 border-b border-line px-3 py-2.5 last:border-b-0">
      <div className="flex items-center gap-2">
        <StateIcon task={task} />
        <span data-tip-cut="" className="min-w-0 grow truncate font-medium">
          {name}
        </span>
        {runs ? (
          <IconButton
            icon={X}
            label={t("cancel", { name })}
            busy={state.status === "cancelling"}
            onClick={() => act(client.tasks.cancel({ id }))}
          />
        ) : (
          <IconButton icon={X} label={t("dismiss", { name })} onClick={() => act(client.tasks.dismiss({ id }))} />
        )}
      </div>
      {runs && <ProgressBar label={name} value={taskFraction(task)} />}
      <p className="text-sm break-words text-muted">
        {state.status === "running" && taskFacts(task)}
        {state.status === "cancelling" && t("cancelling")}
        {state.status === "cancelled" && t("cancelled")}
        {state.status === "done" && state.result.summary}
        {state.status === "failed" && <span className="text-failed">{state.error.message}</span>}
      </p>
      {runs && progress.items.length > 0 && (
        <ul aria-label={t("details", { name })} className="flex max-h-44 flex-col gap-1 overflow-y-auto">
          {progress.items.map((item) => (
            <Item key={item.id} item={item} />
          ))}
        </ul>
      )}
      <NextSteps task={task} onDone={onDone} />
    </li>
  );
}

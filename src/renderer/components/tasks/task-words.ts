import i18next from "i18next";
import type { Task } from "#contract";
import { formatBytes } from "../../lib/format.ts";

/** `Pull alpine:3.20`. */
export function taskTitle({ kind, subject }: Task): string {
  return i18next.t(`tasks:kind.${kind}`, { subject });
}

/** `alpine:3.20 was not pulled`. */
export function taskNotDone({ kind, subject }: Task): string {
  return i18next.t(`tasks:notDone.${kind}`, { subject });
}

/** From 0 to 1; by bytes where they are known, else by parts. */
export function taskFraction({ progress }: Task): number | undefined {
  const { doneBytes, totalBytes, items } = progress;
  if (doneBytes !== undefined && totalBytes) return doneBytes / totalBytes;
  if (items.length === 0) return undefined;
  return items.filter(({ state }) => state === "done" || state === "cached").length / items.length;
}

/** `12 MB of 30 MB · 4.1 MB/s · Downloading`. */
export function taskFacts({ progress }: Task): string {
  const { doneBytes, totalBytes, bytesPerSecond, activity, items } = progress;
  const parts: string[] = [];
  if (doneBytes !== undefined) {
    const done = formatBytes(doneBytes);
    parts.push(totalBytes ? i18next.t("tasks:of", { done, total: formatBytes(totalBytes) }) : done);
  } else if (items.length > 0) {
    const done = items.filter(({ state }) => state === "done" || state === "cached").length;
    parts.push(i18next.t("tasks:layers", { done, count: items.length }));
  }
  if (bytesPerSecond) parts.push(i18next.t("tasks:speed", { speed: formatBytes(bytesPerSecond) }));
  if (activity) parts.push(activity);
  return parts.join(" · ");
}

export function isRunning({ state }: Task): boolean {
  return state.status === "running" || state.status === "cancelling";
}

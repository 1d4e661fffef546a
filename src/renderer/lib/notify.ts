import { Toast } from "@base-ui/react/toast";
import i18next from "i18next";
import { isCancelled, toAppError } from "#contract";

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

export interface ToastData {
  /** Text that the toast's copy button puts on the clipboard. */
  readonly details?: string;
  readonly action?: ToastAction;
}

export const toasts = Toast.createToastManager<ToastData>();

interface Notice extends ToastData {
  readonly title: string;
  readonly description?: string;
  /** Looks like an error, but interrupts nobody: it is about something that went on beside. */
  readonly failed?: boolean;
}

const shortMs = 5_000;
const longMs = 12_000;

/** Says that something worked, changed, or ended; goes by itself. */
export function notify({ title, description, failed = false, ...data }: Notice): void {
  toasts.add({
    type: failed ? "error" : "info",
    title,
    ...(description ? { description } : {}),
    timeout: data.action || failed ? longMs : shortMs,
    data,
  });
}

/** Says what went wrong. A cancelled request is no error and is not shown. */
export function reportError(error: unknown, title?: string): void {
  if (isCancelled(error)) return;
  const { code, message, data } = toAppError(error);
  const details = [title, message, `code: ${code}`, data ? JSON.stringify(data) : ""].filter(Boolean).join("\n");
  toasts.add({
    type: "error",
    title: title ?? i18next.t("common:failed"),
    description: message,
    timeout: longMs,
    priority: "high",
    data: { details },
  });
}

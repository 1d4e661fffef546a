import { useTranslation } from "react-i18next";
import type { PastLog } from "#contract";
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx";
import { client } from "../../lib/client.ts";
import { formatAgo, formatBytes, shortId } from "../../lib/format.ts";
import { notify, reportError } from "../../lib/notify.ts";
import { linesOf } from "./past-columns.tsx";

function Generations({ log }: { readonly log: PastLog }) {
  const { t } = useTranslation("past");
  return (
    <ul>
      {log.generations.map(({ containerId, image, lastAt, lines: count }) => (
        <li key={containerId} className="truncate text-sm text-muted">
          <span className="font-mono">{shortId(containerId)}</span> · {image} · {t("lines", { count })} ·{" "}
          {formatAgo(lastAt)}
        </li>
      ))}
    </ul>
  );
}

interface ForgetDialogProps {
  readonly logs: readonly PastLog[];
  readonly onClose: () => void;
}

/** Deletes what is kept of some names, after it has said what that is. */
export function ForgetDialog({ logs, onClose }: ForgetDialogProps) {
  const { t } = useTranslation("past");
  const count = logs.length;
  const name = logs[0]?.name ?? "";
  const size = formatBytes(logs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const forget = async (): Promise<void> => {
    try {
      await client.logs.forget({ names: logs.map((log) => log.name) });
      notify({ title: t("remove.done", { count, name }) });
    } catch (error) {
      reportError(error, t("remove.failed"));
    }
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t("remove.title", { count, name })}
      consequence={t("remove.body", { count, size })}
      verb={t("remove.verb")}
      onConfirm={() => void forget()}
    >
      <ul
        aria-label={t("remove.list")}
        // A list that scrolls must be reachable by keyboard.
        tabIndex={0}
        className="max-h-60 overflow-y-auto rounded-md border border-line px-2.5 py-1"
      >
        {logs.map((log) => (
          <li key={log.name} className="border-b border-line py-1.5 last:border-b-0">
            <p className="flex justify-between gap-3">
              <span className="min-w-0 truncate font-medium">{log.name}</span>
              <span className="shrink-0 text-muted">
                {t("lines", { count: linesOf(log) })} · {formatBytes(log.sizeBytes)}
              </span>
            </p>
            <Generations log={log} />
          </li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}

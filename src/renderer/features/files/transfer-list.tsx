import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../components/ui/icon-button.tsx";
import { formatBytes } from "../../lib/format.ts";
import { showName } from "./file-format.ts";
import { useTransfers } from "./transfers.ts";

/** Uploads and downloads under way, each with its progress and a way to stop it. */
export function TransferList() {
  const { t } = useTranslation("files");
  const transfers = useTransfers((state) => state.transfers);
  if (transfers.length === 0) return null;
  return (
    <ul aria-label={t("transfers")} className="border-b border-line bg-sunken px-4 py-1.5">
      {transfers.map(({ id, label, doneBytes, totalBytes, cancel }) => (
        <li key={id} className="flex items-center gap-3">
          <span className="min-w-0 grow truncate">{showName(label)}</span>
          <progress
            aria-label={showName(label)}
            value={totalBytes === undefined ? undefined : doneBytes}
            max={totalBytes || 1}
          />
          <span className="text-sm text-muted">
            {formatBytes(doneBytes)}
            {totalBytes === undefined ? "" : ` / ${formatBytes(totalBytes)}`}
          </span>
          <IconButton icon={X} label={t("cancelTransfer", { name: showName(label) })} onClick={cancel} />
        </li>
      ))}
    </ul>
  );
}

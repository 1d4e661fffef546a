import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { RadioGroup } from "../../../components/ui/radio-group.tsx";
import type { LogSession } from "../model/log-session.ts";
import { downloadLog } from "./log-download.ts";

interface DownloadDialogProps {
  readonly session: LogSession;
  /** The file's name without its ending. */
  readonly name: string;
  readonly onClose: () => void;
}

/** Which lines, and how they are written. */
export function DownloadDialog({ session, name, onClose }: DownloadDialogProps) {
  const { t } = useTranslation(["logs", "common"]);
  const [what, setWhat] = useState<"everything" | "shown">("everything");
  const [format, setFormat] = useState<"raw" | "timestamps" | "jsonl">("raw");
  const start = (): void => {
    const { view } = session;
    if (view !== undefined) void downloadLog({ view, name, what, format });
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("logs:download.title")}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button tone="primary" onClick={start}>
            {t("logs:download.start")}
          </Button>
        </>
      }
    >
      <div>
        <h3 className="font-medium">{t("logs:download.what")}</h3>
        <RadioGroup
          label={t("logs:download.what")}
          value={what}
          onChange={setWhat}
          options={(["everything", "shown"] as const).map((value) => ({
            value,
            label: t(`logs:download.${value}`),
            hint: t(`logs:download.${value}Hint`),
          }))}
        />
      </div>
      <div>
        <h3 className="font-medium">{t("logs:download.format")}</h3>
        <RadioGroup
          label={t("logs:download.format")}
          value={format}
          onChange={setFormat}
          options={(["raw", "timestamps", "jsonl"] as const).map((value) => ({
            value,
            label: t(`logs:download.${value}`),
            hint: t(`logs:download.${value}Hint`),
          }))}
        />
      </div>
    </Dialog>
  );
}

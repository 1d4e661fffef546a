import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { appInfoQuery } from "../../../lib/app-info.ts";
import { client } from "../../../lib/client.ts";
import { performAndTell } from "../../../lib/pending.ts";
import { untilTaskEnds } from "../../../lib/until-task-ends.ts";
import { machineObject } from "../machine-actions.ts";

interface DiskFileDialogProps {
  readonly kind: "export" | "import";
  /** The machine is up, so it is stopped for this and started again. */
  readonly restarts: boolean;
  readonly onClose: () => void;
}

const absolutePath = /^(\/|[A-Za-z]:[\\/])./;

function useRun(kind: "export" | "import") {
  const { t } = useTranslation("machine");
  return (path: string): void =>
    performAndTell({
      object: machineObject,
      verb: kind,
      failed: t(`failed.${kind}`),
      run: async () => {
        const start = kind === "import" ? client.machine.importDisk : client.machine.exportDisk;
        const { taskId } = await start({ path });
        // How it ended is told with the list of tasks.
        await untilTaskEnds(taskId).catch(() => {});
      },
    });
}

/** The whole data disk to a file, or from one. */
export function DiskFileDialog({ kind, restarts, onClose }: DiskFileDialogProps) {
  const { t } = useTranslation(["machine", "common"]);
  const home = useQuery(appInfoQuery).data?.home ?? "";
  const [today] = useState(() => new Date().toISOString().slice(0, 10));
  const [typed, setTyped] = useState<string>();
  const path = typed ?? (kind === "export" && home ? `${home}/longshore-disk-${today}.zst` : "");
  const run = useRun(kind);
  const wrong = absolutePath.test(path.trim()) ? undefined : t("file.absolute");
  const go = (): void => {
    onClose();
    run(path.trim());
  };
  const footer = (
    <>
      <Button onClick={onClose}>{t("common:cancel")}</Button>
      <Button tone="primary" disabledReason={wrong} onClick={go}>
        {t(`data.${kind}`)}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title={t(`file.${kind}`)} footer={footer}>
      <p className="text-muted">{t(`file.${kind}Body`)}</p>
      {restarts && <p className="rounded-md bg-paused-tint px-3 py-2 text-paused">{t("file.restarts")}</p>}
      <TextField
        mono
        label={t("file.path")}
        hint={t(`file.${kind}Path`)}
        error={path !== "" ? wrong : undefined}
        value={path}
        onChange={setTyped}
      />
    </Dialog>
  );
}

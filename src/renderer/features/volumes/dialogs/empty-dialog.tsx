import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx";
import { useSettings } from "../../../hooks/use-settings.ts";
import { client } from "../../../lib/client.ts";
import { notify } from "../../../lib/notify.ts";
import { performAndTell } from "../../../lib/pending.ts";
import { objectOf } from "../volume-actions.ts";

interface NamedDialogProps {
  readonly name: string;
  readonly onClose: () => void;
}

/** Moves all files of a volume to the trash; the volume itself stays. */
export function EmptyDialog({ name, onClose }: NamedDialogProps) {
  const { t } = useTranslation("volumes");
  const { settings } = useSettings();
  const empty = async (): Promise<void> => {
    await client.volumes.empty({ name });
    notify({ title: t("done.emptied", { name }) });
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t("emptyVolume.title", { name })}
      consequence={t("emptyVolume.body", { count: settings.trashDays })}
      verb={t("verb.empty")}
      typeName={name}
      onConfirm={() =>
        performAndTell({ object: objectOf(name), verb: "empty", run: empty, failed: t("failed.empty", { name }) })
      }
    />
  );
}

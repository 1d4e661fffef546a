import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx";
import { useSettings } from "../../../hooks/use-settings.ts";
import { removeMany } from "../volume-actions.ts";

interface RemoveManyDialogProps {
  readonly names: readonly string[];
  readonly onClose: () => void;
}

/** Asks before a selection of volumes moves to the trash. */
export function RemoveManyDialog({ names, onClose }: RemoveManyDialogProps) {
  const { t } = useTranslation("volumes");
  const { settings } = useSettings();
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t("remove.titleMany", { count: names.length })}
      consequence={t("remove.trashMany", { count: settings.trashDays })}
      verb={t("verb.remove")}
      onConfirm={() => void removeMany(names)}
    >
      <ul tabIndex={0} className="max-h-32 overflow-y-auto rounded-md border border-line bg-sunken px-2.5 py-1.5">
        {names.map((name) => (
          <li key={name} className="truncate">
            {name}
          </li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx";
import { RadioGroup } from "../../../components/ui/radio-group.tsx";
import { useSettings } from "../../../hooks/use-settings.ts";
import { client } from "../../../lib/client.ts";
import { performAndTell } from "../../../lib/pending.ts";
import { objectOf, tellRemoved } from "../volume-actions.ts";

interface NamedDialogProps {
  readonly name: string;
  readonly onClose: () => void;
}

/** Removes one volume: to the trash at a click, for good only after its name was typed. */
export function RemoveDialog({ name, onClose }: NamedDialogProps) {
  const { t } = useTranslation("volumes");
  const { settings } = useSettings();
  const navigate = useNavigate();
  const [how, setHow] = useState<"trash" | "forever">("trash");
  const permanently = how === "forever";
  const remove = async (): Promise<void> => {
    const { trash } = await client.volumes.remove({ name, permanently });
    tellRemoved(name, trash);
    void navigate({ to: "/volumes" });
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t("remove.title", { name })}
      consequence={permanently ? t("remove.forever", { name }) : t("remove.trash", { name, count: settings.trashDays })}
      verb={t("verb.remove")}
      typeName={permanently ? name : undefined}
      onConfirm={() =>
        performAndTell({ object: objectOf(name), verb: "remove", run: remove, failed: t("failed.remove", { name }) })
      }
    >
      <RadioGroup
        label={t("remove.how")}
        value={how}
        onChange={setHow}
        options={[
          { value: "trash", label: t("remove.toTrash") },
          { value: "forever", label: t("remove.delete") },
        ]}
      />
    </ConfirmDialog>
  );
}

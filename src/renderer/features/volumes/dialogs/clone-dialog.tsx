import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useSubmit } from "../../../hooks/use-submit.ts";
import { client } from "../../../lib/client.ts";

/** Copies a volume to a new one, in the background. */
export function CloneDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { t } = useTranslation("volumes");
  const [newName, setNewName] = useState(`${name}-copy`);
  const form = useSubmit(async () => {
    await client.volumes.clone({ name, newName });
    onClose();
  });
  return (
    <FormDialog title={t("clone.title", { name })} verb={t("verb.clone")} form={form} onClose={onClose}>
      <p className="text-muted">{t("clone.body")}</p>
      <TextField label={t("clone.newName")} value={newName} onChange={setNewName} mono />
    </FormDialog>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { familiarReference, parseImageReference } from "#contract";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useSubmit } from "../../../hooks/use-submit.ts";
import { client } from "../../../lib/client.ts";
import { notify } from "../../../lib/notify.ts";
import type { Target } from "../image-actions.ts";

/** Gives an image one more reference. */
export function TagDialog({ target, onClose }: { readonly target: Target; readonly onClose: () => void }) {
  const { t } = useTranslation("images");
  const [text, setText] = useState(target.reference ?? "");
  const result = parseImageReference(text.trim());
  const wrong = result.ok ? undefined : result.problem;
  const form = useSubmit(async () => {
    if (!result.ok) return;
    const reference = familiarReference(result.reference);
    await client.images.tag({ id: target.id, reference });
    notify({ title: t("tagDialog.done", { name: reference }) });
    onClose();
  });
  return (
    <FormDialog
      title={t("tagDialog.title", { name: target.name })}
      verb={t("verb.tag")}
      form={form}
      onClose={onClose}
      disabledReason={wrong}
    >
      <TextField
        mono
        label={t("tagDialog.label")}
        hint={t("tagDialog.hint")}
        error={text === "" ? undefined : wrong}
        value={text}
        onChange={setText}
        autoComplete="off"
      />
    </FormDialog>
  );
}

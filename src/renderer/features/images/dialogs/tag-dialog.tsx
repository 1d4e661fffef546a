import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { familiarReference, parseImageReference, toAppError } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useReadiness } from "../../../hooks/use-engine.ts";
import { client } from "../../../lib/client.ts";
import { notify } from "../../../lib/notify.ts";
import type { Target } from "../image-actions.ts";

const formId = "tag-image";

/** Gives an image one more reference. */
export function TagDialog({ target, onClose }: { readonly target: Target; readonly onClose: () => void }) {
  const { t } = useTranslation(["images", "common"]);
  const readiness = useReadiness();
  const [text, setText] = useState(target.reference ?? "");
  const [problem, setProblem] = useState("");
  const result = parseImageReference(text.trim());
  const wrong = result.ok ? undefined : result.problem;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!result.ok || !readiness.ready) return;
    const reference = familiarReference(result.reference);
    try {
      await client.images.tag({ id: target.id, reference });
      notify({ title: t("images:tagDialog.done", { name: reference }) });
      onClose();
    } catch (error) {
      setProblem(toAppError(error).message);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("images:tagDialog.title", { name: target.name })}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button
            tone="primary"
            type="submit"
            form={formId}
            disabledReason={readiness.ready ? wrong : readiness.reason}
          >
            {t("images:verb.tag")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          mono
          label={t("images:tagDialog.label")}
          hint={t("images:tagDialog.hint")}
          error={text !== "" && wrong ? wrong : problem || undefined}
          value={text}
          onChange={setText}
          autoComplete="off"
        />
      </form>
    </Dialog>
  );
}

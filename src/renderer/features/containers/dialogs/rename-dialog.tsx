import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { containerName, toAppError } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { client } from "../../../lib/client.ts";
import { perform } from "../../../lib/pending.ts";
import { objectOf, type Target } from "../container-actions.ts";

interface RenameDialogProps {
  readonly target: Target;
  readonly onClose: () => void;
}

const formId = "rename-container";

/** Gives a container another name; a name that is taken is said at the field. */
export function RenameDialog({ target, onClose }: RenameDialogProps) {
  const { t } = useTranslation(["containers", "common"]);
  const schema = z.object({
    name: z.string().refine((name) => containerName.safeParse(name).success, t("containers:dialog.create.nameInvalid")),
  });
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(schema),
    defaultValues: { name: target.name },
  });
  const submit = handleSubmit(async ({ name }) => {
    if (name === target.name) return onClose();
    try {
      await perform({
        object: objectOf(target.id),
        verb: "rename",
        run: () => client.containers.rename({ id: target.id, name }),
      });
      onClose();
    } catch (error) {
      setError("name", { message: toAppError(error).message }, { shouldFocus: true });
    }
  });
  const { onChange, ...field } = register("name");
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("containers:dialog.rename.title", { name: target.name })}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button tone="primary" type="submit" form={formId} busy={formState.isSubmitting}>
            {t("containers:verb.rename")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          {...field}
          nativeChange={onChange}
          label={t("containers:dialog.rename.label")}
          error={formState.errors.name?.message}
          autoComplete="off"
          mono
          onFocus={(event) => event.target.select()}
        />
      </form>
    </Dialog>
  );
}

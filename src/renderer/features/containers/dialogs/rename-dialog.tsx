import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { containerName, toAppError } from "#contract";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { client } from "../../../lib/client.ts";
import { perform } from "../../../lib/pending.ts";
import { objectOf, type Target } from "../container-actions.ts";

interface RenameDialogProps {
  readonly target: Target;
  readonly onClose: () => void;
}

/** Gives a container another name; a name that is taken is said at the field. */
export function RenameDialog({ target, onClose }: RenameDialogProps) {
  const { t } = useTranslation("containers");
  const schema = z.object({
    name: z.string().refine((name) => containerName.safeParse(name).success, t("dialog.create.nameInvalid")),
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
    <FormDialog
      title={t("dialog.rename.title", { name: target.name })}
      verb={t("verb.rename")}
      form={{ busy: formState.isSubmitting, error: undefined, submit: () => void submit() }}
      onClose={onClose}
    >
      <TextField
        {...field}
        nativeChange={onChange}
        label={t("dialog.rename.label")}
        error={formState.errors.name?.message}
        autoComplete="off"
        mono
        onFocus={(event) => event.target.select()}
      />
    </FormDialog>
  );
}

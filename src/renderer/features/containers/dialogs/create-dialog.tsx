import { zodResolver } from "@hookform/resolvers/zod";
import { useNavigate } from "@tanstack/react-router";
import { Controller, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { toAppError } from "#contract";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { client } from "../../../lib/client.ts";
import { shortId } from "../../../lib/format.ts";
import { notify } from "../../../lib/notify.ts";
import { createForm, toRequest } from "./create-schema.ts";

function useCreate(onClose: () => void) {
  const { t } = useTranslation(["containers", "common"]);
  const navigate = useNavigate();
  const form = useForm({
    resolver: zodResolver(createForm),
    mode: "onTouched",
    defaultValues: { image: "", name: "", command: "", start: true },
  });
  const submit = form.handleSubmit(async (values) => {
    try {
      const { id, warnings } = await client.containers.create(toRequest(values));
      onClose();
      const name = values.name || shortId(id);
      const open = () => void navigate({ to: "/containers/$id", params: { id: shortId(id) } });
      notify({
        title: t("dialog.create.done", { name }),
        action: { label: t("verb.open"), run: open },
        ...(warnings.length > 0 ? { description: warnings.join("\n") } : {}),
      });
    } catch (error) {
      const { code, message } = toAppError(error);
      const field = code === "conflict" ? "name" : code === "not_found" ? "image" : "root";
      form.setError(field, { message }, { shouldFocus: true });
    }
  });
  return { form, submit };
}

/** Creates a container from an image, a name and a command; what is wrong is said at its field. */
export function CreateDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(["containers", "common"]);
  const { form, submit } = useCreate(onClose);
  const { errors, isSubmitting } = form.formState;
  const field = (name: "image" | "name" | "command") => {
    const { onChange, ...rest } = form.register(name);
    return { ...rest, nativeChange: onChange, error: errors[name]?.message, autoComplete: "off", mono: true } as const;
  };
  const failure = errors.root?.message ? { message: errors.root.message } : undefined;
  const submitText = form.watch("start") ? t("dialog.create.submitStart") : t("dialog.create.submit");
  return (
    <FormDialog
      title={t("dialog.create.title")}
      verb={isSubmitting ? t("dialog.create.creating") : submitText}
      form={{ busy: isSubmitting, error: failure, submit: () => void submit() }}
      onClose={onClose}
    >
      <TextField {...field("image")} label={t("dialog.create.image")} hint={t("dialog.create.imageHint")} />
      <TextField
        {...field("name")}
        label={t("dialog.create.name")}
        note={t("common:optional")}
        hint={t("dialog.create.nameHint")}
      />
      <TextField
        {...field("command")}
        label={t("dialog.create.command")}
        note={t("common:optional")}
        hint={t("dialog.create.commandHint")}
      />
      <Controller
        control={form.control}
        name="start"
        render={({ field: start }) => (
          <Checkbox checked={start.value} onChange={start.onChange}>
            {t("dialog.create.start")}
          </Checkbox>
        )}
      />
    </FormDialog>
  );
}

import { zodResolver } from "@hookform/resolvers/zod";
import { useNavigate } from "@tanstack/react-router";
import { Controller, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { toAppError } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useReadiness } from "../../../hooks/use-engine.ts";
import { client } from "../../../lib/client.ts";
import { shortId } from "../../../lib/format.ts";
import { notify } from "../../../lib/notify.ts";
import { createForm, toRequest } from "./create-schema.ts";

const formId = "create-container";

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
        title: t("containers:dialog.create.done", { name }),
        action: { label: t("containers:verb.open"), run: open },
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
  const readiness = useReadiness();
  const { form, submit } = useCreate(onClose);
  const { errors, isSubmitting } = form.formState;
  const field = (name: "image" | "name" | "command") => {
    const { onChange, ...rest } = form.register(name);
    return { ...rest, nativeChange: onChange, error: errors[name]?.message, autoComplete: "off", mono: true } as const;
  };
  const submitText = form.watch("start")
    ? t("containers:dialog.create.submitStart")
    : t("containers:dialog.create.submit");
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("containers:dialog.create.title")}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button
            tone="primary"
            type="submit"
            form={formId}
            busy={isSubmitting}
            disabledReason={readiness.ready ? undefined : readiness.reason}
          >
            {isSubmitting ? t("containers:dialog.create.creating") : submitText}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-3">
        <TextField
          {...field("image")}
          label={t("containers:dialog.create.image")}
          hint={t("containers:dialog.create.imageHint")}
        />
        <TextField
          {...field("name")}
          label={t("containers:dialog.create.name")}
          note={t("common:optional")}
          hint={t("containers:dialog.create.nameHint")}
        />
        <TextField
          {...field("command")}
          label={t("containers:dialog.create.command")}
          note={t("common:optional")}
          hint={t("containers:dialog.create.commandHint")}
        />
        <Controller
          control={form.control}
          name="start"
          render={({ field: start }) => (
            <Checkbox checked={start.value} onChange={start.onChange}>
              {t("containers:dialog.create.start")}
            </Checkbox>
          )}
        />
        {errors.root?.message && (
          <p role="alert" className="break-words text-failed">
            {errors.root.message}
          </p>
        )}
      </form>
    </Dialog>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type RunDefaults, toAppError } from "#contract";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { Skeleton } from "../../../components/ui/skeleton.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useSubmit } from "../../../hooks/use-submit.ts";
import { client } from "../../../lib/client.ts";
import type { Target } from "../image-actions.ts";
import { EnvFields, PortFields, VolumeFields } from "./run-fields.tsx";
import { defaultForm, problemsOf, type RunForm, toRunRequest } from "./run-form.ts";
import { HostFields, LimitFields } from "./run-limits.tsx";
import { RunStarted, type Started } from "./run-started.tsx";
import { takenIn, useTakenPorts } from "./use-taken-ports.ts";

/** What its own field says already. */
const besideField: ReadonlySet<string | undefined> = new Set(["badName", "badMemory", "badCpus"]);

interface DialogProps {
  readonly target: Target;
  readonly onClose: () => void;
}

interface FormProps extends DialogProps {
  readonly defaults: RunDefaults;
  readonly onStarted: (started: Started) => void;
}

function Form({ target, defaults, onClose, onStarted }: FormProps) {
  const { t } = useTranslation(["images", "common"]);
  const [form, setForm] = useState<RunForm>(() => defaultForm(defaults));
  const change = (next: Partial<RunForm>): void => setForm((before) => ({ ...before, ...next }));
  const problem = problemsOf(form);
  const taken = useTakenPorts(form.ports);
  const conflict = form.ports.some((row) => takenIn(taken, row)) ? t("images:runDialog.portTaken") : undefined;
  const wrong = problem ? t(`images:runDialog.${problem}`) : undefined;
  const submit = useSubmit(async () => {
    const { id, ports, warnings } = await client.images.run(toRunRequest(target.reference ?? target.id, form));
    onStarted({ id, name: form.name || id.slice(0, 12), ports, warnings });
  });
  return (
    <FormDialog
      wide
      title={t("images:runDialog.title", { name: target.name })}
      verb={t("images:runDialog.submit")}
      form={submit}
      onClose={onClose}
      disabledReason={wrong ?? conflict}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          mono
          label={t("images:runDialog.name")}
          note={t("common:optional")}
          error={problem === "badName" ? wrong : undefined}
          value={form.name}
          onChange={(name) => change({ name })}
          autoComplete="off"
        />
        <TextField
          mono
          label={t("images:runDialog.command")}
          note={t("common:optional")}
          hint={t("images:runDialog.commandHint")}
          value={form.command}
          onChange={(command) => change({ command })}
          autoComplete="off"
        />
      </div>
      <PortFields form={form} change={change} taken={taken} />
      <EnvFields form={form} change={change} />
      <VolumeFields form={form} change={change} />
      <HostFields form={form} change={change} networks={defaults.networks} />
      <LimitFields form={form} change={change} problem={problem} />
      {wrong && !besideField.has(problem) && <p className="text-failed">{wrong}</p>}
    </FormDialog>
  );
}

/** The small form by which an image becomes a container; what it began is shown in its place. */
export function RunDialog({ target, onClose }: DialogProps) {
  const { t } = useTranslation("images");
  const [started, setStarted] = useState<Started>();
  const { data, error } = useQuery({
    queryKey: ["images", "runDefaults", target.reference ?? target.id],
    queryFn: ({ signal }) => client.images.runDefaults({ id: target.reference ?? target.id }, { signal }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (started) return <RunStarted started={started} onClose={onClose} />;
  if (data) return <Form target={target} defaults={data} onClose={onClose} onStarted={setStarted} />;
  const title = t("runDialog.title", { name: target.name });
  return (
    <Dialog open wide onClose={onClose} title={title}>
      {error ? (
        <p role="alert" className="text-failed">
          {toAppError(error).message}
        </p>
      ) : (
        <Skeleton what={title} />
      )}
    </Dialog>
  );
}

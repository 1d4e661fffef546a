import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type RunDefaults, toAppError } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { Skeleton } from "../../../components/ui/skeleton.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useReadiness } from "../../../hooks/use-engine.ts";
import { client } from "../../../lib/client.ts";
import type { Target } from "../image-actions.ts";
import { EnvFields, PortFields, VolumeFields } from "./run-fields.tsx";
import { defaultForm, problemsOf, type RunForm, toRunRequest } from "./run-form.ts";
import { HostFields, LimitFields } from "./run-limits.tsx";
import { RunStarted, type Started } from "./run-started.tsx";
import { takenIn, useTakenPorts } from "./use-taken-ports.ts";

const formId = "run-image";

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
  const readiness = useReadiness();
  const [form, setForm] = useState<RunForm>(() => defaultForm(defaults));
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const change = (next: Partial<RunForm>): void => setForm((before) => ({ ...before, ...next }));
  const problem = problemsOf(form);
  const taken = useTakenPorts(form.ports);
  const conflict = form.ports.some((row) => takenIn(taken, row)) ? t("images:runDialog.portTaken") : undefined;
  const wrong = problem ? t(`images:runDialog.${problem}`) : undefined;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (wrong || conflict || busy || !readiness.ready) return;
    setBusy(true);
    setFailure("");
    try {
      const { id, ports, warnings } = await client.images.run(toRunRequest(target.reference ?? target.id, form));
      onStarted({ id, name: form.name || id.slice(0, 12), ports, warnings });
    } catch (error) {
      setFailure(toAppError(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("images:runDialog.title", { name: target.name })}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button
            tone="primary"
            type="submit"
            form={formId}
            busy={busy}
            disabledReason={readiness.ready ? (wrong ?? conflict) : readiness.reason}
          >
            {t("images:runDialog.submit")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-3">
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
        {failure && (
          <p role="alert" className="break-words text-failed">
            {failure}
          </p>
        )}
      </form>
    </Dialog>
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

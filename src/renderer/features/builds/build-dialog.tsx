import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { toAppError } from "#contract";
import { PathField } from "../../components/host-files/path-field.tsx";
import { Checkbox } from "../../components/ui/checkbox.tsx";
import { FormDialog } from "../../components/ui/form-dialog.tsx";
import { Select } from "../../components/ui/select.tsx";
import { Field, inputLook, TextField } from "../../components/ui/text-field.tsx";
import { useSubmit } from "../../hooks/use-submit.ts";
import { client } from "../../lib/client.ts";
import { formatBytes } from "../../lib/format.ts";
import { type BuildForm, emptyBuildForm, readBuildForm } from "./build-form.ts";

interface PreviewProps {
  readonly context: string;
  readonly dockerfile: string;
}

function usePreview({ context, dockerfile }: PreviewProps) {
  const asked = useDeferredValue({ context, dockerfile });
  return useQuery({
    queryKey: ["builds", "preview", asked.context, asked.dockerfile],
    queryFn: () => client.builds.preview(asked),
    enabled: asked.context !== "" && asked.dockerfile !== "",
    retry: false,
    gcTime: 0,
    placeholderData: (before) => before,
  });
}

/** What would be sent, before anything is. */
function Preview(props: PreviewProps) {
  const { t } = useTranslation("builds");
  const { data, error } = usePreview(props);
  if (props.context === "") return null;
  if (error) {
    return (
      <p role="alert" className="break-words text-failed">
        {toAppError(error).message}
      </p>
    );
  }
  if (!data) return <p className="text-muted">{t("dialog.reading")}</p>;
  const { files: count, sizeBytes, ignored, ignoreFile, largest, args } = data;
  const ignoring = ignoreFile ? t("dialog.ignored", { file: ignoreFile, count: ignored }) : t("dialog.noIgnore");
  return (
    <div role="status" className="rounded-md border border-line bg-sunken px-2.5 py-1.5 text-sm">
      <p>
        {t("dialog.sends", { count, size: formatBytes(sizeBytes) })} · {ignoring}
      </p>
      {largest.length > 0 && (
        <p className="break-all text-muted">
          {t("dialog.largest", {
            files: largest.map((file) => `${file.path} (${formatBytes(file.sizeBytes)})`).join(", "),
          })}
        </p>
      )}
      {args.length > 0 && <p className="text-muted">{t("dialog.knownArgs", { args: args.join(", ") })}</p>}
    </div>
  );
}

interface LinesProps {
  readonly label: string;
  readonly hint: string;
  readonly error: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Lines({ label, hint, error, value, onChange }: LinesProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <textarea
          id={id}
          rows={2}
          spellCheck={false}
          aria-describedby={describedBy}
          aria-invalid={error ? true : undefined}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={`${inputLook} h-auto py-1 font-mono text-sm`}
        />
      )}
    </Field>
  );
}

interface FieldsProps {
  readonly form: BuildForm;
  readonly change: (next: Partial<BuildForm>) => void;
  readonly problems: ReturnType<typeof readBuildForm>["problems"];
}

function Fields({ form, change, problems }: FieldsProps) {
  const { t } = useTranslation(["builds", "images", "common"]);
  const stages = usePreview(form).data?.stages ?? [];
  const stageOptions = [
    { value: "", label: t("builds:dialog.lastStage") },
    ...stages.map((name) => ({ value: name, label: name })),
  ];
  return (
    <>
      <PathField
        kind="folder"
        label={t("builds:dialog.context")}
        hint={t("builds:dialog.contextHint")}
        value={form.context}
        onChange={(context) => change({ context })}
      />
      <TextField
        mono
        label={t("builds:dialog.dockerfile")}
        value={form.dockerfile}
        onChange={(dockerfile) => change({ dockerfile })}
      />
      <Preview context={form.context} dockerfile={form.dockerfile} />
      <TextField
        mono
        label={t("builds:dialog.tags")}
        hint={t("builds:dialog.tagsHint")}
        error={problems.tags}
        value={form.tags}
        onChange={(tags) => change({ tags })}
        autoComplete="off"
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          showLabel
          label={t("builds:dialog.target")}
          value={form.target}
          options={stageOptions}
          onChange={(target) => change({ target })}
        />
        <TextField
          mono
          label={t("builds:dialog.platform")}
          note={t("common:optional")}
          placeholder="linux/arm64"
          error={problems.platform ? t("images:invalidPlatform") : undefined}
          value={form.platform}
          onChange={(platform) => change({ platform })}
        />
      </div>
      <Lines
        label={t("builds:dialog.args")}
        hint={t("builds:dialog.argsHint")}
        error={problems.args ? t("builds:dialog.argsInvalid") : undefined}
        value={form.args}
        onChange={(args) => change({ args })}
      />
      <Lines
        label={t("builds:dialog.secrets")}
        hint={t("builds:dialog.secretsHint")}
        error={problems.secrets ? t("builds:dialog.secretsInvalid") : undefined}
        value={form.secrets}
        onChange={(secrets) => change({ secrets })}
      />
      <Checkbox checked={form.noCache} onChange={(noCache) => change({ noCache })}>
        {t("builds:dialog.noCache")}
      </Checkbox>
      <Checkbox checked={form.pull} onChange={(pull) => change({ pull })}>
        {t("builds:dialog.pull")}
      </Checkbox>
    </>
  );
}

/** What to build, and from what; shows what would be sent before it is. */
export function BuildDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation("builds");
  const navigate = useNavigate();
  const [form, setForm] = useState<BuildForm>(emptyBuildForm);
  const { request, problems } = readBuildForm(form);
  const [problem] = Object.values(problems).filter(Boolean);
  const submit = useSubmit(async () => {
    const { buildId } = await client.builds.start(request);
    onClose();
    void navigate({ to: "/builds/$id", params: { id: buildId } });
  });
  return (
    <FormDialog
      wide
      title={t("dialog.title")}
      verb={t("build")}
      form={submit}
      onClose={onClose}
      disabledReason={form.context === "" ? t("dialog.missing") : problem}
    >
      <Fields form={form} change={(next) => setForm((before) => ({ ...before, ...next }))} problems={problems} />
    </FormDialog>
  );
}

import { useTranslation } from "react-i18next";
import { restartPolicies } from "#contract/images.ts";
import { Select } from "../../../components/ui/select.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import type { RunForm } from "./run-form.ts";

interface FieldsProps {
  readonly form: RunForm;
  readonly change: (next: Partial<RunForm>) => void;
}

/** Which network it joins, and when it starts again. */
export function HostFields({ form, change, networks }: FieldsProps & { readonly networks: readonly string[] }) {
  const { t } = useTranslation("images");
  const options = [
    { value: "", label: t("runDialog.networkDefault") },
    ...networks.map((name) => ({ value: name, label: name })),
  ];
  const policies = restartPolicies.map((value) => ({ value, label: t(`runDialog.restartPolicy.${value}`) }));
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Select
        showLabel
        label={t("runDialog.network")}
        value={form.network}
        options={options}
        onChange={(network) => change({ network })}
      />
      <Select
        showLabel
        label={t("runDialog.restart")}
        value={form.restart}
        options={policies}
        onChange={(restart) => change({ restart })}
      />
    </div>
  );
}

/** How much of the engine's machine it may take. */
export function LimitFields({ form, change, problem }: FieldsProps & { readonly problem: string | undefined }) {
  const { t } = useTranslation(["images", "common"]);
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <TextField
        label={t("images:runDialog.memory")}
        note={t("common:optional")}
        inputMode="numeric"
        error={problem === "badMemory" ? t("images:runDialog.badMemory") : undefined}
        value={form.memory}
        onChange={(memory) => change({ memory })}
        autoComplete="off"
      />
      <TextField
        label={t("images:runDialog.cpus")}
        note={t("common:optional")}
        inputMode="decimal"
        error={problem === "badCpus" ? t("images:runDialog.badCpus") : undefined}
        value={form.cpus}
        onChange={(cpus) => change({ cpus })}
        autoComplete="off"
      />
    </div>
  );
}

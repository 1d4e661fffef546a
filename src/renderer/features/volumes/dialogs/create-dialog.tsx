import { useState } from "react";
import { useTranslation } from "react-i18next";
import { volumeName } from "#contract";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { type Pair, PairsField, toRecord } from "../../../components/ui/pairs-field.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useSubmit } from "../../../hooks/use-submit.ts";
import { client } from "../../../lib/client.ts";
import { notify } from "../../../lib/notify.ts";

const kinds = ["plain", "nfs", "cifs", "tmpfs", "bind", "other"] as const;
type Kind = (typeof kinds)[number];

/** What the local driver takes for each kind (`docker volume create --opt`). */
const templates: Readonly<Record<Kind, readonly Pair[]>> = {
  plain: [],
  nfs: [
    { key: "type", value: "nfs" },
    { key: "o", value: "addr=server,rw" },
    { key: "device", value: ":/path" },
  ],
  cifs: [
    { key: "type", value: "cifs" },
    { key: "o", value: "username=user,password=secret" },
    { key: "device", value: "//server/share" },
  ],
  tmpfs: [
    { key: "type", value: "tmpfs" },
    { key: "o", value: "size=100m" },
    { key: "device", value: "tmpfs" },
  ],
  bind: [
    { key: "type", value: "none" },
    { key: "o", value: "bind" },
    { key: "device", value: "/path/on/the/engine" },
  ],
  other: [],
};

/** Creates a volume, with the options of its driver. */
export function CreateDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(["volumes", "common"]);
  const [name, setName] = useState("");
  const [kind, setKind] = useState<Kind>("plain");
  const [driver, setDriver] = useState("local");
  const [options, setOptions] = useState<readonly Pair[]>([]);
  const [labels, setLabels] = useState<readonly Pair[]>([]);
  const form = useSubmit(async () => {
    const created = await client.volumes.create({
      ...(name ? { name } : {}),
      driver,
      options: toRecord(options),
      labels: toRecord(labels),
    });
    onClose();
    notify({ title: t("done.created", { name: created.name }) });
  });
  const invalid = name !== "" && !volumeName.safeParse(name).success ? t("createVolume.nameRule") : undefined;
  return (
    <FormDialog
      title={t("createVolume.title")}
      verb={t("create")}
      form={form}
      onClose={onClose}
      disabledReason={invalid}
    >
      <TextField
        label={t("createVolume.name")}
        note={t("common:optional")}
        value={name}
        onChange={setName}
        error={invalid}
        mono
      />
      <Select
        label={t("createVolume.kind")}
        showLabel
        value={kind}
        options={kinds.map((value) => ({ value, label: t(`createVolume.kinds.${value}`) }))}
        onChange={(next) => {
          setKind(next);
          setOptions(templates[next]);
          setDriver(next === "other" ? "" : "local");
        }}
      />
      {kind === "other" && <TextField label={t("column.driver")} value={driver} onChange={setDriver} mono />}
      {kind !== "plain" && <PairsField label={t("createVolume.options")} pairs={options} onChange={setOptions} />}
      <PairsField label={t("createVolume.labels")} pairs={labels} onChange={setLabels} />
    </FormDialog>
  );
}

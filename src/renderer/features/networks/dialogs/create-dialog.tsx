import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { networkName } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { IconButton } from "../../../components/ui/icon-button.tsx";
import { type Pair, PairsField, toRecord } from "../../../components/ui/pairs-field.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useSubmit } from "../../../hooks/use-submit.ts";
import { client } from "../../../lib/client.ts";
import { notify } from "../../../lib/notify.ts";

/** Those that every engine has, and any other by its name. */
const drivers = ["bridge", "macvlan", "ipvlan", "overlay", "other"] as const;
type Driver = (typeof drivers)[number];

interface Subnet {
  readonly subnet: string;
  readonly gateway: string;
  readonly range: string;
}

const noSubnet: Subnet = { subnet: "", gateway: "", range: "" };

/** Subnets with gateway and range; what would overlap is said while typing, with one that is free. */
function SubnetFields({
  subnets,
  onChange,
}: {
  subnets: readonly Subnet[];
  onChange: (subnets: readonly Subnet[]) => void;
}) {
  const { t } = useTranslation("networks");
  const complete = subnets.map(({ subnet }) => subnet).filter((text) => /^[0-9a-f.:]+\/\d+$/i.test(text));
  const { data } = useQuery({
    queryKey: ["subnets", ...complete],
    queryFn: () => client.networks.checkSubnets({ subnets: complete }),
    gcTime: 0,
    retry: false,
  });
  const change = (index: number, next: Partial<Subnet>): void =>
    onChange(subnets.map((other, at) => (at === index ? { ...other, ...next } : other)));
  const overlapOf = (subnet: string): string | undefined => {
    const found = data?.overlaps.find((overlap) => overlap.subnet === subnet);
    return found && t("createNetwork.overlaps", { ...found });
  };
  return (
    <>
      {subnets.map((entry, index) => (
        // Rows are only added at the end or taken out.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <fieldset key={index} className="grid grid-cols-[2fr_1.5fr_2fr_auto] items-start gap-1.5">
          <TextField
            label={t("createNetwork.subnet")}
            value={entry.subnet}
            placeholder={data?.suggestion}
            onChange={(subnet) => change(index, { subnet })}
            error={overlapOf(entry.subnet)}
            mono
          />
          <TextField
            label={t("createNetwork.gateway")}
            value={entry.gateway}
            onChange={(gateway) => change(index, { gateway })}
            mono
          />
          <TextField
            label={t("createNetwork.range")}
            value={entry.range}
            onChange={(range) => change(index, { range })}
            mono
          />
          <div className="pt-5.5">
            <IconButton
              icon={X}
              label={t("createNetwork.removeSubnet", { number: index + 1 })}
              onClick={() => onChange(subnets.filter((_other, at) => at !== index))}
            />
          </div>
        </fieldset>
      ))}
      <div className="flex flex-wrap items-center gap-2">
        <Button tone="quiet" icon={Plus} onClick={() => onChange([...subnets, noSubnet])}>
          {t("createNetwork.addSubnet")}
        </Button>
        {data?.suggestion && subnets.length > 0 && (
          <Button
            tone="quiet"
            onClick={() => change(subnets.length - 1, { subnet: data.suggestion ?? "", gateway: "", range: "" })}
          >
            {t("createNetwork.use", { subnet: data.suggestion })}
          </Button>
        )}
      </div>
    </>
  );
}

/** Creates a network. */
export function CreateDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation("networks");
  const [name, setName] = useState("");
  const [driver, setDriver] = useState<Driver>("bridge");
  const [otherDriver, setOtherDriver] = useState("");
  const [subnets, setSubnets] = useState<readonly Subnet[]>([]);
  const [flags, setFlags] = useState({ internal: false, attachable: false, ipv6: false });
  const [options, setOptions] = useState<readonly Pair[]>([]);
  const [labels, setLabels] = useState<readonly Pair[]>([]);
  const form = useSubmit(async () => {
    const { warning } = await client.networks.create({
      name,
      driver: driver === "other" ? otherDriver : driver,
      subnets: subnets.filter(({ subnet }) => subnet !== ""),
      ...flags,
      options: toRecord(options),
      labels: toRecord(labels),
    });
    onClose();
    notify({ title: t("done.created", { name }), ...(warning ? { description: warning } : {}) });
  });
  const invalid = networkName.safeParse(name).success ? undefined : t("createNetwork.nameRule");
  const noDriver = driver === "other" && otherDriver === "" ? t("createNetwork.driverName") : undefined;
  return (
    <FormDialog
      title={t("createNetwork.title")}
      verb={t("create")}
      form={form}
      onClose={onClose}
      disabledReason={invalid ?? noDriver}
      wide
    >
      <TextField
        label={t("createNetwork.name")}
        value={name}
        onChange={setName}
        error={name === "" ? undefined : invalid}
        mono
      />
      <Select
        label={t("column.driver")}
        showLabel
        value={driver}
        options={drivers.map((value) => ({ value, label: t(`createNetwork.drivers.${value}`) }))}
        onChange={setDriver}
      />
      {driver === "other" && (
        <TextField label={t("createNetwork.driverName")} value={otherDriver} onChange={setOtherDriver} mono />
      )}
      <SubnetFields subnets={subnets} onChange={setSubnets} />
      <div className="flex flex-col">
        {(["internal", "attachable", "ipv6"] as const).map((flag) => (
          <Checkbox key={flag} checked={flags[flag]} onChange={(on) => setFlags({ ...flags, [flag]: on })}>
            {t(`createNetwork.${flag}`)}
          </Checkbox>
        ))}
      </div>
      <PairsField label={t("createNetwork.options")} pairs={options} onChange={setOptions} />
      <PairsField label={t("createNetwork.labels")} pairs={labels} onChange={setLabels} />
    </FormDialog>
  );
}

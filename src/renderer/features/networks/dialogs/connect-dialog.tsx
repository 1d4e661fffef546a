import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { NetworkSummary } from "#contract";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useLiveList } from "../../../hooks/use-live.ts";
import { useSubmit } from "../../../hooks/use-submit.ts";
import { client } from "../../../lib/client.ts";
import { notify } from "../../../lib/notify.ts";
import { containersSource } from "../../../lib/sources.ts";

/** Connects a container, with names and an address of its own. */
export function ConnectDialog({
  network,
  onClose,
}: {
  readonly network: NetworkSummary;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation("networks");
  const containers = (useLiveList(containersSource).items ?? []).filter(
    ({ networks }) => !networks.includes(network.name),
  );
  const [picked, setPicked] = useState<string>();
  const [aliases, setAliases] = useState("");
  const [ipAddress, setAddress] = useState("");
  const [ipv6Address, setAddress6] = useState("");
  const container = containers.find(({ id }) => id === picked) ?? containers[0];
  const form = useSubmit(async () => {
    if (!container) return;
    await client.networks.connect({
      id: network.id,
      container: container.id,
      aliases: aliases.split(/[\s,]+/).filter(Boolean),
      ...(ipAddress ? { ipAddress } : {}),
      ...(ipv6Address ? { ipv6Address } : {}),
    });
    notify({ title: t("done.connected", { container: container.name, network: network.name }) });
    onClose();
  });
  return (
    <FormDialog
      title={t("connect.title", { name: network.name })}
      verb={t("verb.connect")}
      form={form}
      onClose={onClose}
      disabledReason={container ? undefined : t("connect.none")}
    >
      {container ? (
        <Select
          label={t("connect.container")}
          showLabel
          value={container.id}
          options={containers.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setPicked}
        />
      ) : (
        <p className="text-muted">{t("connect.none")}</p>
      )}
      {network.builtIn ? (
        <p className="text-muted">{t("connect.plain")}</p>
      ) : (
        <>
          <TextField
            label={t("connect.aliases")}
            hint={t("connect.aliasesHint")}
            value={aliases}
            onChange={setAliases}
            mono
          />
          <TextField
            label={t("connect.address")}
            hint={t("connect.addressHint")}
            placeholder={network.subnets[0]?.subnet}
            value={ipAddress}
            onChange={setAddress}
            mono
          />
          {network.ipv6 && (
            <TextField
              label={t("connect.address6")}
              hint={t("connect.addressHint")}
              value={ipv6Address}
              onChange={setAddress6}
              mono
            />
          )}
        </>
      )}
    </FormDialog>
  );
}

import { useTranslation } from "react-i18next";
import type { ContainerDetails } from "#contract";
import { Rows, Section } from "../../../components/details/parts.tsx";
import { Mono } from "../../../components/ui/mono.tsx";
import { portLinks } from "../port-links.ts";
import { PortLinkView } from "../ports-cell.tsx";

interface DetailsProps {
  readonly details: ContainerDetails;
}

export function PortsSection({ details }: DetailsProps) {
  const { t } = useTranslation(["containers", "common"]);
  const links = portLinks(details.ports);
  return (
    <Section title={t("overview.ports")}>
      {links.length === 0 ? (
        <p className="text-muted">{t("overview.noPorts")}</p>
      ) : (
        <ul className="flex flex-wrap gap-x-4 gap-y-1">
          {links.map((port) => (
            <li key={port.text} className="flex items-center gap-1.5">
              <PortLinkView port={port} />
              {!port.address && <span className="text-sm text-muted">{t("ports.notPublished")}</span>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

export function MountsSection({ details }: DetailsProps) {
  const { t } = useTranslation(["containers", "common"]);
  const headers = [t("overview.destination"), t("overview.source"), t("overview.type"), t("overview.mode")];
  return (
    <Section title={t("overview.mounts")}>
      <Rows
        label={t("overview.mounts")}
        headers={headers}
        rows={details.mounts}
        keyOf={({ destination }) => destination}
        none={t("overview.noMounts")}
        cells={({ destination, source, name, type, readOnly }) => [
          <Mono key="destination" wrap text={destination} />,
          <Mono key="source" wrap text={name ?? source} />,
          type,
          t(readOnly ? "overview.readOnly" : "overview.readWrite"),
        ]}
      />
    </Section>
  );
}

export function NetworksSection({ details }: DetailsProps) {
  const { t } = useTranslation(["containers", "common"]);
  const headers = [
    t("common:name"),
    t("overview.address"),
    t("overview.gateway"),
    t("overview.mac"),
    t("overview.aliases"),
  ];
  return (
    <Section title={t("overview.networks")}>
      <Rows
        label={t("overview.networks")}
        headers={headers}
        rows={details.networks}
        keyOf={({ name }) => name}
        none={t("overview.noNetworks")}
        cells={({ name, ipAddress, ipv6Address, gateway, macAddress, aliases }) => [
          name,
          <Mono key="address" wrap text={[ipAddress, ipv6Address].filter(Boolean).join("\n")} />,
          <Mono key="gateway" text={gateway} />,
          <Mono key="mac" text={macAddress} />,
          <Mono key="aliases" wrap text={aliases.join(", ")} />,
        ]}
      />
    </Section>
  );
}

export function LabelsSection({ details }: DetailsProps) {
  const { t } = useTranslation(["containers", "common"]);
  return (
    <Section title={t("overview.labels")}>
      <Rows
        label={t("overview.labels")}
        headers={[t("overview.label"), t("overview.valueColumn")]}
        rows={Object.entries(details.labels)}
        keyOf={([label]) => label}
        none={t("overview.noLabels")}
        cells={([label, value]) => [<Mono key="label" wrap text={label} />, <Mono key="value" wrap text={value} />]}
      />
    </Section>
  );
}

import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ContainerSummary } from "#contract";
import { AgoCell, NameLink, TextCell } from "../../components/table/cells.tsx";
import type { DataColumn } from "../../components/table/column.ts";
import { shortId } from "../../lib/format.ts";
import { stateRank } from "./container-view.ts";
import { PortsCell } from "./ports-cell.tsx";
import { ContainerStateChip } from "./state-cell.tsx";

const firstPort = ({ ports }: ContainerSummary): number | undefined => {
  const numbers = ports.flatMap(({ publicPort }) => publicPort ?? []);
  return numbers.length > 0 ? Math.min(...numbers) : undefined;
};

export function useContainerColumns(): readonly DataColumn<ContainerSummary>[] {
  const { t } = useTranslation(["containers", "common"]);
  return useMemo(
    () => [
      {
        id: "name",
        header: t("containers:column.name"),
        width: "minmax(112px, 2fr)",
        fixed: true,
        sortBy: ({ name }) => name,
        cell: ({ id, name }) => <NameLink to="/containers/$id" params={{ id: shortId(id) }} text={name} />,
      },
      {
        id: "state",
        header: t("containers:column.state"),
        width: "minmax(112px, 1fr)",
        sortBy: stateRank,
        cell: (container) => <ContainerStateChip container={container} />,
      },
      {
        id: "image",
        header: t("containers:column.image"),
        width: "minmax(120px, 2fr)",
        from: 560,
        sortBy: ({ image }) => image,
        cell: ({ image }) => <TextCell text={image} />,
      },
      {
        id: "ports",
        header: t("containers:column.ports"),
        width: "minmax(130px, 1.5fr)",
        from: 680,
        sortBy: firstPort,
        cell: ({ ports }) => <PortsCell ports={ports} />,
      },
      {
        id: "command",
        header: t("containers:column.command"),
        width: "minmax(120px, 2fr)",
        hidden: true,
        from: 680,
        cell: ({ command }) => <TextCell mono muted text={command} />,
      },
      {
        id: "networks",
        header: t("containers:column.networks"),
        width: "minmax(90px, 1fr)",
        hidden: true,
        from: 680,
        cell: ({ networks }) => <TextCell muted text={networks.join(", ")} />,
      },
      {
        id: "id",
        header: t("containers:column.id"),
        width: "112px",
        hidden: true,
        from: 680,
        cell: ({ id }) => <TextCell mono muted text={shortId(id)} />,
      },
      {
        id: "created",
        header: t("common:created"),
        width: "124px",
        from: 820,
        sortBy: ({ createdAt }) => createdAt,
        cell: ({ createdAt }) => <AgoCell timeMs={createdAt} />,
      },
    ],
    [t],
  );
}

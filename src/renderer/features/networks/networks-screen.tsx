import { Copy, Network } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ContainerSummary, NetworkSummary } from "#contract";
import { FilterBar } from "../../components/screen/filter-bar.tsx";
import { ListScreen } from "../../components/screen/list-screen.tsx";
import { matchesQuery } from "../../components/screen/match.ts";
import { useListView } from "../../components/screen/use-list-view.ts";
import { TextCell } from "../../components/table/cells.tsx";
import type { DataColumn } from "../../components/table/column.ts";
import type { RowAction } from "../../components/table/table-row.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { useLiveList } from "../../hooks/use-live.ts";
import { copyAndTell } from "../../lib/clipboard.ts";
import { formatNumber, shortId } from "../../lib/format.ts";
import { containersSource, networksSource } from "../../lib/sources.ts";

/** A network with the number of containers that are connected to it. */
interface NetworkRow {
  readonly network: NetworkSummary;
  readonly members: number;
}

const defaults = { sort: "name", filter: "all" } as const;
const idOf = ({ network }: NetworkRow): string => network.id;
const nameOf = ({ network }: NetworkRow): string => network.name;

function networkRows(
  networks: readonly NetworkSummary[],
  containers: readonly ContainerSummary[],
): readonly NetworkRow[] {
  const members = new Map<string, number>();
  for (const { networks: names } of containers) {
    for (const name of names) members.set(name, (members.get(name) ?? 0) + 1);
  }
  return networks.map((network) => ({ network, members: members.get(network.name) ?? 0 }));
}

function NameCell({ network }: { readonly network: NetworkSummary }) {
  const { t } = useTranslation("networks");
  return (
    <span className="flex items-center gap-1.5">
      <span data-tip-cut="" className="truncate font-medium">
        {network.name}
      </span>
      {network.builtIn && <Badge>{t("builtIn")}</Badge>}
      {network.internal && <Badge>{t("internal")}</Badge>}
      {network.ipv6 && <Badge>{t("ipv6")}</Badge>}
    </span>
  );
}

function useNetworkColumns(): readonly DataColumn<NetworkRow>[] {
  const { t } = useTranslation(["networks", "common"]);
  return useMemo(
    () => [
      {
        id: "name",
        header: t("common:name"),
        width: "minmax(160px, 2.5fr)",
        fixed: true,
        sortBy: nameOf,
        cell: ({ network }) => <NameCell network={network} />,
      },
      {
        id: "driver",
        header: t("networks:column.driver"),
        width: "90px",
        sortBy: ({ network }) => network.driver,
        cell: ({ network }) => <TextCell text={network.driver} />,
      },
      {
        id: "subnets",
        header: t("networks:column.subnets"),
        width: "minmax(130px, 2fr)",
        from: 480,
        sortBy: ({ network }) => network.subnets[0]?.subnet,
        cell: ({ network }) => <TextCell mono text={network.subnets.map(({ subnet }) => subnet).join(", ")} />,
      },
      {
        id: "scope",
        header: t("networks:column.scope"),
        width: "80px",
        from: 620,
        sortBy: ({ network }) => network.scope,
        cell: ({ network }) => <TextCell muted text={network.scope} />,
      },
      {
        id: "id",
        header: t("networks:column.id"),
        width: "120px",
        from: 760,
        cell: ({ network }) => <TextCell mono muted text={shortId(network.id)} />,
      },
      {
        id: "members",
        header: t("networks:column.members"),
        width: "100px",
        align: "end",
        sortBy: ({ members }) => members,
        cell: ({ members }) => formatNumber(members),
      },
    ],
    [t],
  );
}

/** The networks of the engine. */
export function NetworksScreen() {
  const { t } = useTranslation("networks");
  const list = useLiveList(networksSource);
  const containers = useLiveList(containersSource);
  const view = useListView(defaults);
  const columns = useNetworkColumns();
  const all = useMemo(() => networkRows(list.items ?? [], containers.items ?? []), [list.items, containers.items]);
  const { appliedQuery: query, filter } = view;
  const rows = useMemo(
    () =>
      all.filter(
        ({ network }) =>
          (filter === "all" || (filter === "builtIn") === network.builtIn) &&
          matchesQuery(query, [
            network.name,
            network.driver,
            network.id,
            ...network.subnets.map(({ subnet }) => subnet),
          ]),
      ),
    [all, filter, query],
  );
  const builtIn = all.filter(({ network }) => network.builtIn).length;
  const filters = [
    { id: "all", label: t("filter.all"), count: all.length },
    { id: "custom", label: t("filter.custom"), count: all.length - builtIn },
    { id: "builtIn", label: t("filter.builtIn"), count: builtIn },
  ];
  const actionsOf = useCallback(
    ({ network: { name, id } }: NetworkRow): readonly RowAction[] => [
      { id: "copy", label: t("copyName", { name }), icon: Copy, run: () => void copyAndTell(name) },
      { id: "copyId", label: t("copyId", { name }), icon: Copy, run: () => void copyAndTell(id) },
    ],
    [t],
  );
  return (
    <ListScreen
      title={t("title")}
      searchLabel={t("search")}
      list={list}
      total={all.length}
      view={view}
      filters={<FilterBar label={t("title")} options={filters} value={filter} onChange={view.setFilter} />}
      empty={<EmptyState icon={Network} title={t("empty.title")} body={t("empty.body")} command={t("empty.command")} />}
      table={{ name: "networks", rows, columns, idOf, nameOf, actionsOf }}
    />
  );
}

import { useNavigate } from "@tanstack/react-router";
import { Copy, Ellipsis, Link2, Map as MapIcon, Network, Plus, Scissors, Trash2, Waypoints } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ContainerSummary, NetworkSummary } from "#contract";
import { FilterBar } from "../../components/screen/filter-bar.tsx";
import { ListScreen } from "../../components/screen/list-screen.tsx";
import { matchesQuery } from "../../components/screen/match.ts";
import { useListView } from "../../components/screen/use-list-view.ts";
import { NameLink, TextCell } from "../../components/table/cells.tsx";
import type { DataColumn } from "../../components/table/column.ts";
import type { RowAction } from "../../components/table/table-row.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { IconButton } from "../../components/ui/icon-button.tsx";
import { Menu } from "../../components/ui/menu.tsx";
import { useReadiness } from "../../hooks/use-engine.ts";
import { useLiveList } from "../../hooks/use-live.ts";
import { copyAndTell } from "../../lib/clipboard.ts";
import { formatNumber, shortId } from "../../lib/format.ts";
import { containersSource, networksSource } from "../../lib/sources.ts";
import { NetworkDialogs } from "./dialogs/network-dialogs.tsx";
import { ask, whyNotConnect } from "./network-actions.ts";

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
      <span className="min-w-0">
        <NameLink to="/networks/$id" params={{ id: network.id.slice(0, 12) }} text={network.name} />
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
        width: "120px",
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
  const readiness = useReadiness();
  const navigate = useNavigate();
  const off = readiness.reason;
  const onOpen = useCallback(
    ({ network: { id } }: NetworkRow) => void navigate({ to: "/networks/$id", params: { id: id.slice(0, 12) } }),
    [navigate],
  );
  const actionsOf = useCallback(
    ({ network }: NetworkRow): readonly RowAction[] => {
      const { name, id, builtIn } = network;
      return [
        {
          id: "connect",
          label: t("verb.connect"),
          name: `${t("verb.connect")} ${name}`,
          icon: Link2,
          inline: true,
          disabledReason: off ?? whyNotConnect(network),
          run: () => ask({ kind: "connect", network }),
        },
        {
          id: "remove",
          label: t("verb.remove"),
          name: `${t("verb.remove")} ${name}`,
          icon: Trash2,
          inline: true,
          danger: true,
          disabledReason: off ?? (builtIn ? t("cannot.builtIn") : undefined),
          run: () => ask({ kind: "remove", network }),
        },
        { id: "copy", label: t("copyName", { name }), icon: Copy, run: () => void copyAndTell(name) },
        { id: "copyId", label: t("copyId", { name }), icon: Copy, run: () => void copyAndTell(id) },
      ];
    },
    [t, off],
  );
  const create = (
    <Button tone="primary" icon={Plus} disabledReason={off} onClick={() => ask({ kind: "create" })}>
      {t("create")}
    </Button>
  );
  const tools = [
    { id: "reach", label: t("reach.open"), icon: Waypoints, disabledReason: off, run: () => ask({ kind: "reach" }) },
    { id: "prune", label: t("prune.open"), icon: Scissors, disabledReason: off, run: () => ask({ kind: "prune" }) },
  ];
  return (
    <>
      <ListScreen
        title={t("title")}
        searchLabel={t("search")}
        list={list}
        total={all.length}
        view={view}
        filters={<FilterBar label={t("title")} options={filters} value={filter} onChange={view.setFilter} />}
        tools={
          <>
            <Button tone="quiet" icon={MapIcon} onClick={() => void navigate({ to: "/networks/map" })}>
              {t("map.open")}
            </Button>
            <Menu align="end" entries={tools} trigger={<IconButton icon={Ellipsis} label={t("more")} />} />
          </>
        }
        action={create}
        empty={
          <EmptyState icon={Network} title={t("empty.title")} body={t("empty.body")} command={t("empty.command")} />
        }
        table={{ name: "networks", rows, columns, idOf, nameOf, actionsOf, onOpen }}
      />
      <NetworkDialogs />
    </>
  );
}

import { Copy, HardDrive } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ContainerSummary, VolumeSummary } from "#contract";
import { FilterBar } from "../../components/screen/filter-bar.tsx";
import { ListScreen } from "../../components/screen/list-screen.tsx";
import { matchesQuery } from "../../components/screen/match.ts";
import { useListView } from "../../components/screen/use-list-view.ts";
import { AgoCell, TextCell } from "../../components/table/cells.tsx";
import type { DataColumn } from "../../components/table/column.ts";
import type { RowAction } from "../../components/table/table-row.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { useLiveList } from "../../hooks/use-live.ts";
import { copyAndTell } from "../../lib/clipboard.ts";
import { containersSource, volumesSource } from "../../lib/sources.ts";

/** A volume with the names of the containers that mount it. */
interface VolumeRow {
  readonly volume: VolumeSummary;
  readonly usedBy: readonly string[];
}

const defaults = { sort: "name", filter: "all" } as const;
const nameOf = ({ volume }: VolumeRow): string => volume.name;

function volumeRows(volumes: readonly VolumeSummary[], containers: readonly ContainerSummary[]): readonly VolumeRow[] {
  const users = new Map<string, string[]>();
  for (const { name, volumes: mounted } of containers) {
    for (const volume of mounted) users.set(volume, [...(users.get(volume) ?? []), name]);
  }
  return volumes.map((volume) => ({ volume, usedBy: users.get(volume.name) ?? [] }));
}

function useVolumeColumns(): readonly DataColumn<VolumeRow>[] {
  const { t } = useTranslation(["volumes", "common"]);
  return useMemo(
    () => [
      {
        id: "name",
        header: t("common:name"),
        width: "minmax(140px, 3fr)",
        fixed: true,
        sortBy: nameOf,
        cell: ({ volume }) => (
          <span data-tip-cut="" className="truncate font-medium">
            {volume.name}
          </span>
        ),
      },
      {
        id: "usedBy",
        header: t("volumes:column.usedBy"),
        width: "minmax(100px, 1.5fr)",
        sortBy: ({ usedBy }) => usedBy.length,
        cell: ({ usedBy }) => <TextCell muted={usedBy.length === 0} text={usedBy.join(", ") || t("volumes:unused")} />,
      },
      {
        id: "driver",
        header: t("volumes:column.driver"),
        width: "90px",
        from: 520,
        sortBy: ({ volume }) => volume.driver,
        cell: ({ volume }) => <TextCell text={volume.driver} />,
      },
      {
        id: "mountpoint",
        header: t("volumes:column.mountpoint"),
        width: "minmax(160px, 3fr)",
        from: 760,
        cell: ({ volume }) => <TextCell mono muted text={volume.mountpoint} />,
      },
      {
        id: "created",
        header: t("common:created"),
        width: "130px",
        from: 620,
        sortBy: ({ volume }) => volume.createdAt,
        cell: ({ volume }) => <AgoCell timeMs={volume.createdAt} />,
      },
    ],
    [t],
  );
}

/** The volumes of the engine. */
export function VolumesScreen() {
  const { t } = useTranslation("volumes");
  const list = useLiveList(volumesSource);
  const containers = useLiveList(containersSource);
  const view = useListView(defaults);
  const columns = useVolumeColumns();
  const all = useMemo(() => volumeRows(list.items ?? [], containers.items ?? []), [list.items, containers.items]);
  const { appliedQuery: query, filter } = view;
  const rows = useMemo(
    () =>
      all.filter(
        ({ volume, usedBy }) =>
          (filter === "all" || (filter === "inUse") === usedBy.length > 0) &&
          matchesQuery(query, [volume.name, volume.driver, ...usedBy]),
      ),
    [all, filter, query],
  );
  const inUse = all.filter(({ usedBy }) => usedBy.length > 0).length;
  const filters = [
    { id: "all", label: t("filter.all"), count: all.length },
    { id: "inUse", label: t("filter.inUse"), count: inUse },
    { id: "unused", label: t("filter.unused"), count: all.length - inUse },
  ];
  const actionsOf = useCallback(
    ({ volume: { name, mountpoint } }: VolumeRow): readonly RowAction[] => [
      { id: "copy", label: t("copyName", { name }), icon: Copy, run: () => void copyAndTell(name) },
      { id: "path", label: t("copyMountpoint", { name }), icon: Copy, run: () => void copyAndTell(mountpoint) },
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
      empty={
        <EmptyState icon={HardDrive} title={t("empty.title")} body={t("empty.body")} command={t("empty.command")} />
      }
      table={{ name: "volumes", rows, columns, idOf: nameOf, nameOf, actionsOf }}
    />
  );
}

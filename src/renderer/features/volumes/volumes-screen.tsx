import { useNavigate } from "@tanstack/react-router";
import { ArchiveRestore, Ellipsis, HardDrive, Plus, Ruler, Scissors, Trash } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { FilterBar } from "../../components/screen/filter-bar.tsx";
import { ListScreen } from "../../components/screen/list-screen.tsx";
import { useListView } from "../../components/screen/use-list-view.ts";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { IconButton } from "../../components/ui/icon-button.tsx";
import { Menu, type MenuEntry } from "../../components/ui/menu.tsx";
import { useReadiness } from "../../hooks/use-engine.ts";
import { useLiveList, useLiveValue } from "../../hooks/use-live.ts";
import { volumeFactsSource, volumesSource } from "../../lib/sources.ts";
import { VolumeDialogs } from "./dialogs/volume-dialogs.tsx";
import { ask, measure } from "./volume-actions.ts";
import { useVolumeColumns } from "./volume-columns.tsx";
import { volumeBulk, volumeMenu } from "./volume-menu.ts";
import { countRows, filterRows, toVolumeFilter, type VolumeRow, volumeFilters, volumeRows } from "./volume-rows.ts";

const defaults = { sort: "name", filter: "all" } as const;
const nameOf = ({ volume }: VolumeRow): string => volume.name;

function CreateButton() {
  const { t } = useTranslation("volumes");
  const readiness = useReadiness();
  return (
    <Button tone="primary" icon={Plus} disabledReason={readiness.reason} onClick={() => ask({ kind: "create" })}>
      {t("create")}
    </Button>
  );
}

function Tools({ trashed }: { readonly trashed: number }) {
  const { t } = useTranslation("volumes");
  const readiness = useReadiness();
  const off = readiness.reason;
  const entries: readonly MenuEntry[] = [
    {
      id: "import",
      label: t("tools.import"),
      icon: ArchiveRestore,
      disabledReason: off,
      run: () => ask({ kind: "import" }),
    },
    { id: "prune", label: t("tools.prune"), icon: Scissors, disabledReason: off, run: () => ask({ kind: "prune" }) },
    { id: "measure", label: t("tools.measure"), icon: Ruler, disabledReason: off, run: () => measure(undefined) },
  ];
  return (
    <>
      <Button tone="quiet" icon={Trash} onClick={() => ask({ kind: "trash" })}>
        {trashed > 0 ? t("tools.trashCount", { count: trashed }) : t("tools.trash")}
      </Button>
      <Menu align="end" entries={entries} trigger={<IconButton icon={Ellipsis} label={t("tools.more")} />} />
    </>
  );
}

/** The volumes of the engine. */
export function VolumesScreen() {
  const { t } = useTranslation("volumes");
  const list = useLiveList(volumesSource);
  const facts = useLiveValue(volumeFactsSource);
  const view = useListView(defaults);
  const columns = useVolumeColumns();
  const readiness = useReadiness();
  const navigate = useNavigate();
  const all = useMemo(() => volumeRows(list.items ?? [], facts), [list.items, facts]);
  const filter = toVolumeFilter(view.filter);
  const { appliedQuery: query } = view;
  const rows = useMemo(() => filterRows(all, { query, filter }), [all, query, filter]);
  const open = useCallback(
    (name: string) => void navigate({ to: "/volumes/$name/files", params: { name } }),
    [navigate],
  );
  const actionsOf = useCallback((row: VolumeRow) => volumeMenu(row, { readiness, open }), [readiness, open]);
  const bulkOf = useCallback((selected: readonly VolumeRow[]) => volumeBulk(selected, readiness), [readiness]);
  const onOpen = useCallback(({ volume }: VolumeRow) => open(volume.name), [open]);
  const options = volumeFilters.map((id) => ({ id, label: t(`filter.${id}`), count: countRows(all, id) }));
  const trashed = (list.items ?? []).filter(({ role }) => role.kind !== "own").length;
  return (
    <>
      <ListScreen
        title={t("title")}
        searchLabel={t("search")}
        list={list}
        total={all.length}
        view={view}
        filters={<FilterBar label={t("title")} options={options} value={filter} onChange={view.setFilter} />}
        tools={<Tools trashed={trashed} />}
        action={<CreateButton />}
        empty={
          <EmptyState
            icon={HardDrive}
            title={t("empty.title")}
            body={t("empty.body")}
            action={<CreateButton />}
            command={t("empty.command")}
          />
        }
        table={{ name: "volumes", rows, columns, idOf: nameOf, nameOf, actionsOf, bulkOf, onOpen }}
      />
      <VolumeDialogs />
    </>
  );
}

import { useNavigate } from "@tanstack/react-router";
import { Archive, Box, Plus } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ContainerSummary } from "#contract";
import { FilterBar } from "../../components/screen/filter-bar.tsx";
import { ListScreen } from "../../components/screen/list-screen.tsx";
import { useListView } from "../../components/screen/use-list-view.ts";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { IconButton } from "../../components/ui/icon-button.tsx";
import { useReadiness } from "../../hooks/use-engine.ts";
import { useLiveList } from "../../hooks/use-live.ts";
import { shortId } from "../../lib/format.ts";
import { usePendingVerbs } from "../../lib/pending.ts";
import { containersSource } from "../../lib/sources.ts";
import { bulkActions } from "./bulk-actions.ts";
import { ask, objectOf, toTarget } from "./container-actions.ts";
import { useContainerColumns } from "./container-columns.tsx";
import { containerMenu } from "./container-menu.ts";
import { countFilters, filterContainers, stateFilters, toStateFilter } from "./container-view.ts";
import { ContainerDialogs } from "./dialogs/container-dialogs.tsx";
import { useProjectGroups } from "./project-groups.tsx";

const defaults = { sort: "name", filter: "all" } as const;
const idOf = ({ id }: ContainerSummary): string => id;
const nameOf = ({ name }: ContainerSummary): string => name;
const none: readonly ContainerSummary[] = [];

function CreateButton() {
  const { t } = useTranslation("containers");
  const readiness = useReadiness();
  return (
    <Button tone="primary" icon={Plus} disabledReason={readiness.reason} onClick={() => ask({ verb: "create" })}>
      {t("create")}
    </Button>
  );
}

function PastButton() {
  const { t } = useTranslation("containers");
  const navigate = useNavigate();
  return <IconButton icon={Archive} label={t("past")} onClick={() => void navigate({ to: "/logs/past" })} />;
}

function useRowActions() {
  const readiness = useReadiness();
  const pendings = usePendingVerbs();
  const navigate = useNavigate();
  const openTab = useCallback(
    (id: string, tab: "overview" | "logs" | "inspect") =>
      void navigate({ to: `/containers/$id/${tab}`, params: { id: shortId(id) } }),
    [navigate],
  );
  const actionsOf = useCallback(
    (container: ContainerSummary) =>
      containerMenu({
        target: toTarget(container),
        image: container.image,
        openTab,
        readiness,
        pending: pendings[objectOf(container.id)],
      }),
    [openTab, readiness, pendings],
  );
  const onOpen = useCallback(({ id }: ContainerSummary) => openTab(id, "overview"), [openTab]);
  const bulkOf = useCallback(
    (rows: readonly ContainerSummary[]) => {
      const openLogs = (c: readonly string[]): void => void navigate({ to: "/logs", search: { c } });
      return bulkActions(rows.map(toTarget), { readiness, openLogs });
    },
    [readiness, navigate],
  );
  return { actionsOf, onOpen, bulkOf };
}

/** All containers of the engine, live. */
export function ContainersScreen() {
  const { t } = useTranslation("containers");
  const list = useLiveList(containersSource);
  const view = useListView(defaults);
  const columns = useContainerColumns();
  const all = list.items ?? none;
  const filter = toStateFilter(view.filter);
  const rows = useMemo(
    () => filterContainers(all, { query: view.appliedQuery, filter }),
    [all, view.appliedQuery, filter],
  );
  const counts = useMemo(() => countFilters(all), [all]);
  const groups = useProjectGroups();
  const actions = useRowActions();
  const options = stateFilters.map((id) => ({ id, label: t(`filter.${id}`), count: counts[id] }));
  const empty = (
    <EmptyState
      icon={Box}
      title={t("empty.title")}
      body={t("empty.body")}
      action={<CreateButton />}
      command={t("empty.command")}
    />
  );
  return (
    <>
      <ListScreen
        title={t("title")}
        searchLabel={t("search")}
        list={list}
        total={all.length}
        view={view}
        filters={<FilterBar label={t("filter.label")} options={options} value={filter} onChange={view.setFilter} />}
        tools={<PastButton />}
        action={<CreateButton />}
        empty={empty}
        table={{ name: "containers", rows, columns, idOf, nameOf, groups, wideActions: 6, ...actions }}
      />
      <ContainerDialogs />
    </>
  );
}

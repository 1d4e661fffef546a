import { useNavigate } from "@tanstack/react-router";
import { Hammer, Trash2, X } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Build } from "#contract";
import { FilterBar } from "../../components/screen/filter-bar.tsx";
import { ListScreen } from "../../components/screen/list-screen.tsx";
import { matchesQuery } from "../../components/screen/match.ts";
import { useListView } from "../../components/screen/use-list-view.ts";
import { AgoCell, NameLink, TextCell } from "../../components/table/cells.tsx";
import type { DataColumn } from "../../components/table/column.ts";
import type { RowAction } from "../../components/table/table-row.tsx";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { StateChip } from "../../components/ui/state-chip.tsx";
import { useReadiness } from "../../hooks/use-engine.ts";
import { useLiveList } from "../../hooks/use-live.ts";
import { client } from "../../lib/client.ts";
import { formatDuration } from "../../lib/format.ts";
import { reportError } from "../../lib/notify.ts";
import { buildsSource } from "../../lib/sources.ts";
import { BuildDialog } from "./build-dialog.tsx";
import { buildName, buildTones } from "./build-words.ts";

const defaults = { sort: "-started", filter: "all" } as const;
const filters = ["all", "running", "done", "failed"] as const;
type Filter = (typeof filters)[number];

const idOf = ({ id }: Build): string => id;
const none: readonly Build[] = [];

function matches({ state }: Build, filter: Filter): boolean {
  if (filter === "all") return true;
  if (filter === "failed") return state.status !== "running" && state.status !== "done";
  return state.status === filter;
}

function useBuildColumns(): readonly DataColumn<Build>[] {
  const { t } = useTranslation("builds");
  return useMemo(
    () => [
      {
        id: "name",
        header: t("column.name"),
        width: "minmax(140px, 2fr)",
        fixed: true,
        sortBy: buildName,
        cell: (build) => <NameLink to="/builds/$id" params={{ id: build.id }} text={buildName(build)} />,
      },
      {
        id: "state",
        header: t("column.state"),
        width: "minmax(112px, 1fr)",
        sortBy: ({ state }) => state.status,
        cell: ({ state }) => <StateChip tone={buildTones[state.status]} label={t(`state.${state.status}`)} />,
      },
      {
        id: "steps",
        header: t("column.steps"),
        width: "minmax(96px, 1fr)",
        from: 620,
        cell: ({ totalSteps: count, cachedSteps: cached }) => t("steps", { count, cached }),
      },
      {
        id: "duration",
        header: t("column.duration"),
        width: "90px",
        from: 520,
        cell: ({ startedAt, endedAt }) => (endedAt === undefined ? "" : formatDuration(endedAt - startedAt)),
      },
      {
        id: "folder",
        header: t("column.folder"),
        width: "minmax(120px, 2fr)",
        from: 760,
        cell: ({ context }) => <TextCell mono muted text={context} />,
      },
      {
        id: "started",
        header: t("column.started"),
        width: "124px",
        sortBy: ({ startedAt }) => startedAt,
        cell: ({ startedAt }) => <AgoCell timeMs={startedAt} />,
      },
    ],
    [t],
  );
}

function useRowActions() {
  const { t } = useTranslation("builds");
  const navigate = useNavigate();
  const onOpen = useCallback(({ id }: Build) => void navigate({ to: "/builds/$id", params: { id } }), [navigate]);
  const actionsOf = useCallback(
    (build: Build): readonly RowAction[] => {
      const name = buildName(build);
      const runs = build.state.status === "running";
      const tell = (call: Promise<unknown>): void => void call.catch((error: unknown) => reportError(error));
      const action = (verb: "cancel" | "remove" | "open") => ({
        id: verb,
        label: t(`verb.${verb}`),
        name: t("action", { verb: t(`verb.${verb}`), name }),
      });
      return [
        runs
          ? { ...action("cancel"), icon: X, inline: true, run: () => tell(client.tasks.cancel({ id: build.taskId })) }
          : {
              ...action("remove"),
              icon: Trash2,
              inline: true,
              danger: true,
              run: () => tell(client.builds.remove({ id: build.id })),
            },
        { ...action("open"), run: () => onOpen(build) },
      ];
    },
    [t, onOpen],
  );
  return { actionsOf, onOpen };
}

/** The builds that run and those that ended, with how they ended. */
export function BuildsScreen() {
  const { t } = useTranslation("builds");
  const readiness = useReadiness();
  const list = useLiveList(buildsSource);
  const view = useListView(defaults);
  const columns = useBuildColumns();
  const actions = useRowActions();
  const [asking, setAsking] = useState(false);
  const all = list.items ?? none;
  const filter = filters.find((id) => id === view.filter) ?? "all";
  const rows = useMemo(
    () =>
      all.filter(
        (build) => matches(build, filter) && matchesQuery(view.appliedQuery, [buildName(build), build.context]),
      ),
    [all, filter, view.appliedQuery],
  );
  const options = filters.map((id) => ({
    id,
    label: t(`filter.${id}`),
    count: all.filter((build) => matches(build, id)).length,
  }));
  const action = (
    <Button tone="primary" icon={Hammer} disabledReason={readiness.reason} onClick={() => setAsking(true)}>
      {t("build")}
    </Button>
  );
  return (
    <>
      <ListScreen
        title={t("title")}
        searchLabel={t("search")}
        list={list}
        total={all.length}
        view={view}
        filters={<FilterBar label={t("title")} options={options} value={filter} onChange={view.setFilter} />}
        action={action}
        empty={<EmptyState icon={Hammer} title={t("empty.title")} body={t("empty.body")} action={action} />}
        table={{ name: "builds", rows, columns, idOf, nameOf: buildName, ...actions }}
      />
      {asking && <BuildDialog onClose={() => setAsking(false)} />}
    </>
  );
}

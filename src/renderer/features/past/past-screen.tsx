import { useNavigate } from "@tanstack/react-router";
import { Archive, FileSearch, ScrollText, Trash2 } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PastLog } from "#contract";
import { FilterBar } from "../../components/screen/filter-bar.tsx";
import { ListScreen } from "../../components/screen/list-screen.tsx";
import { matchesQuery } from "../../components/screen/match.ts";
import { useListView } from "../../components/screen/use-list-view.ts";
import type { RowAction } from "../../components/table/table-row.tsx";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { useLiveList } from "../../hooks/use-live.ts";
import { useSettings } from "../../hooks/use-settings.ts";
import { pastSource } from "../../lib/sources.ts";
import { ForgetDialog } from "./forget-dialog.tsx";
import { usePastColumns } from "./past-columns.tsx";
import { PastSearchDialog } from "./past-search-dialog.tsx";

const defaults = { sort: "-last", filter: "all" } as const;
const filters = ["all", "gone", "present"] as const;
const nameOf = ({ name }: PastLog): string => name;
const none: readonly PastLog[] = [];

function matches(log: PastLog, filter: (typeof filters)[number]): boolean {
  return filter === "all" || log.present === (filter === "present");
}

function useRowActions(forget: (logs: readonly PastLog[]) => void) {
  const { t } = useTranslation("past");
  const navigate = useNavigate();
  const open = useCallback(
    (logs: readonly PastLog[]) => void navigate({ to: "/logs", search: { past: logs.map(nameOf) } }),
    [navigate],
  );
  const onOpen = useCallback((log: PastLog) => open([log]), [open]);
  const actionsOf = useCallback(
    (log: PastLog): readonly RowAction[] => {
      const named = (verb: "open" | "delete") => ({
        id: verb,
        label: t(`verb.${verb}`),
        name: t("action", { verb: t(`verb.${verb}`), name: log.name }),
      });
      return [
        { ...named("open"), icon: ScrollText, inline: true, run: () => open([log]) },
        { ...named("delete"), icon: Trash2, inline: true, danger: true, run: () => forget([log]) },
      ];
    },
    [t, open, forget],
  );
  const bulkOf = useCallback(
    (logs: readonly PastLog[]): readonly RowAction[] => [
      { id: "open", label: t("verb.openAll"), icon: ScrollText, run: () => open(logs) },
      { id: "delete", label: t("verb.delete"), icon: Trash2, danger: true, run: () => forget(logs) },
    ],
    [t, open, forget],
  );
  return { actionsOf, onOpen, bulkOf };
}

function Empty() {
  const { t } = useTranslation("past");
  const navigate = useNavigate();
  const isOff = useSettings().settings.keptLogsMiB === 0;
  const action = <Button onClick={() => void navigate({ to: "/settings" })}>{t("empty.settings")}</Button>;
  const [title, body] = isOff ? [t("empty.offTitle"), t("empty.offBody")] : [t("empty.title"), t("empty.body")];
  return <EmptyState icon={Archive} title={title} body={body} action={action} />;
}

/** What is kept of containers' logs, by name; those of containers that are gone above all. */
export function PastScreen() {
  const { t } = useTranslation("past");
  const list = useLiveList(pastSource);
  const view = useListView(defaults);
  const columns = usePastColumns();
  const [forgetting, forget] = useState<readonly PastLog[]>(none);
  const [searching, setSearching] = useState(false);
  const actions = useRowActions(forget);
  const all = list.items ?? none;
  const filter = filters.find((id) => id === view.filter) ?? "all";
  const rows = useMemo(
    () => all.filter((log) => matches(log, filter) && matchesQuery(view.appliedQuery, [log.name])),
    [all, filter, view.appliedQuery],
  );
  const options = filters.map((id) => ({
    id,
    label: t(`filter.${id}`),
    count: all.filter((log) => matches(log, id)).length,
  }));
  return (
    <>
      <ListScreen
        title={t("title")}
        searchLabel={t("search")}
        list={list}
        total={all.length}
        view={view}
        isLocal
        filters={<FilterBar label={t("filter.label")} options={options} value={filter} onChange={view.setFilter} />}
        action={
          all.length > 0 && (
            <Button icon={FileSearch} onClick={() => setSearching(true)}>
              {t("find.open")}
            </Button>
          )
        }
        empty={<Empty />}
        table={{ name: "past", rows, columns, idOf: nameOf, nameOf, ...actions }}
      />
      {forgetting.length > 0 && <ForgetDialog logs={forgetting} onClose={() => forget(none)} />}
      {searching && <PastSearchDialog onClose={() => setSearching(false)} />}
    </>
  );
}

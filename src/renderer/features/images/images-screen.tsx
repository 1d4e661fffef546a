import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Download, EllipsisVertical, FileUp, FolderInput, Layers, Ruler, Scissors } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { FilterBar } from "../../components/screen/filter-bar.tsx";
import { ListScreen } from "../../components/screen/list-screen.tsx";
import { matchesQuery } from "../../components/screen/match.ts";
import { useListView } from "../../components/screen/use-list-view.ts";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { IconButton } from "../../components/ui/icon-button.tsx";
import { Menu } from "../../components/ui/menu.tsx";
import { useReadiness } from "../../hooks/use-engine.ts";
import { useLiveList } from "../../hooks/use-live.ts";
import { client } from "../../lib/client.ts";
import { shortId } from "../../lib/format.ts";
import { containersSource, imagesSource } from "../../lib/sources.ts";
import { ImageDialogs } from "./dialogs/image-dialogs.tsx";
import { ask, bulkMenu, imageButtons, imageMenu } from "./image-actions.ts";
import { type Usage, useImageColumns } from "./image-columns.tsx";
import {
  type ImageFilter,
  type ImageRow,
  imageFilters,
  imageName,
  imageRows,
  matchesFilter,
  toTarget,
} from "./image-rows.ts";

const defaults = { sort: "repository", filter: "all" } as const;
const idOf = ({ key }: ImageRow): string => key;

function toFilter(text: string): ImageFilter {
  return imageFilters.find((filter) => filter === text) ?? "all";
}

function PullButton() {
  const { t } = useTranslation("images");
  const readiness = useReadiness();
  const disabledReason = readiness.reason;
  return (
    <Button tone="primary" icon={Download} disabledReason={disabledReason} onClick={() => ask({ verb: "pull" })}>
      {t("verb.pull")}
    </Button>
  );
}

function Tools({ onMeasure }: { readonly onMeasure: () => void }) {
  const { t } = useTranslation("images");
  const readiness = useReadiness();
  const disabledReason = readiness.reason;
  const entries = [
    { id: "load", label: t("loadDialog.title"), icon: FileUp, disabledReason, run: () => ask({ verb: "load" }) },
    {
      id: "import",
      label: t("importDialog.title"),
      icon: FolderInput,
      disabledReason,
      run: () => ask({ verb: "import" }),
    },
    { id: "measure", label: t("measure"), icon: Ruler, disabledReason, startsGroup: true, run: onMeasure },
  ];
  return (
    <>
      <Button icon={Scissors} disabledReason={disabledReason} onClick={() => ask({ verb: "prune" })}>
        {t("verb.prune")}
      </Button>
      <Menu align="end" entries={entries} trigger={<IconButton icon={EllipsisVertical} label={t("more")} />} />
    </>
  );
}

/** Shared and unique sizes are dear, so they are asked for only when wanted. */
function useUsage(): { usage: Usage | undefined; measure: () => void } {
  const [wanted, setWanted] = useState(false);
  const { data, refetch } = useQuery({
    queryKey: ["images", "usage"],
    queryFn: ({ signal }) => client.images.usage({}, { signal }),
    enabled: wanted,
    gcTime: 0,
  });
  const usage = useMemo(() => data && new Map(data.images.map((entry) => [entry.id, entry])), [data]);
  const measure = (): void => {
    if (wanted) void refetch();
    setWanted(true);
  };
  return { usage, measure };
}

function useRowActions() {
  const readiness = useReadiness();
  const navigate = useNavigate();
  const onOpen = useCallback(
    ({ image }: ImageRow) => void navigate({ to: "/images/$id", params: { id: shortId(image.id) } }),
    [navigate],
  );
  const actionsOf = useCallback(
    (row: ImageRow) => imageMenu(toTarget(row), readiness, () => onOpen(row)),
    [readiness, onOpen],
  );
  const buttonsOf = useCallback((row: ImageRow) => imageButtons(toTarget(row), readiness), [readiness]);
  const bulkOf = useCallback((rows: readonly ImageRow[]) => bulkMenu(rows.map(toTarget), readiness), [readiness]);
  return { actionsOf, buttonsOf, bulkOf, onOpen };
}

/** The images of the engine. */
export function ImagesScreen() {
  const { t } = useTranslation("images");
  const list = useLiveList(imagesSource);
  const containers = useLiveList(containersSource).items;
  const view = useListView(defaults);
  const { usage, measure } = useUsage();
  const columns = useImageColumns(usage);
  const actions = useRowActions();
  const all = useMemo(() => imageRows(list.items ?? [], containers ?? []), [list.items, containers]);
  const filter = toFilter(view.filter);
  const rows = useMemo(
    () =>
      all.filter(
        (row) =>
          matchesFilter(row, filter) && matchesQuery(view.appliedQuery, [imageName(row), row.image.id, ...row.usedBy]),
      ),
    [all, filter, view.appliedQuery],
  );
  const filters = imageFilters.map((id) => ({
    id,
    label: t(`filter.${id}`),
    count: all.filter((row) => matchesFilter(row, id)).length,
  }));
  const empty = (
    <EmptyState
      icon={Layers}
      title={t("empty.title")}
      body={t("empty.body")}
      action={<PullButton />}
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
        filters={<FilterBar label={t("title")} options={filters} value={filter} onChange={view.setFilter} />}
        tools={<Tools onMeasure={measure} />}
        action={<PullButton />}
        empty={empty}
        table={{ name: "images", rows, columns, idOf, nameOf: imageName, ...actions }}
      />
      <ImageDialogs />
    </>
  );
}

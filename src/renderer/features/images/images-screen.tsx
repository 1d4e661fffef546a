import { Copy, Layers } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
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
import { formatBytes, shortId } from "../../lib/format.ts";
import { imagesSource } from "../../lib/sources.ts";
import { type ImageRow, imageName, imageRows } from "./image-rows.ts";

const defaults = { sort: "repository", filter: "all" } as const;
const idOf = ({ key }: ImageRow): string => key;

function useImageColumns(): readonly DataColumn<ImageRow>[] {
  const { t } = useTranslation(["images", "common"]);
  return useMemo(
    () => [
      {
        id: "repository",
        header: t("images:column.repository"),
        width: "minmax(140px, 3fr)",
        fixed: true,
        sortBy: ({ repository }) => repository,
        cell: ({ repository }) =>
          repository === undefined ? (
            <span className="text-muted">{t("images:untagged")}</span>
          ) : (
            <span data-tip-cut="" className="truncate font-medium">
              {repository}
            </span>
          ),
      },
      {
        id: "tag",
        header: t("images:column.tag"),
        width: "minmax(70px, 1fr)",
        sortBy: ({ tag }) => tag,
        cell: ({ tag }) => <TextCell mono text={tag ?? ""} />,
      },
      {
        id: "id",
        header: t("images:column.id"),
        width: "120px",
        from: 620,
        cell: ({ image }) => <TextCell mono muted text={shortId(image.id)} />,
      },
      {
        id: "created",
        header: t("common:created"),
        width: "130px",
        from: 520,
        sortBy: ({ image }) => image.createdAt,
        cell: ({ image }) => <AgoCell timeMs={image.createdAt} />,
      },
      {
        id: "size",
        header: t("images:column.size"),
        width: "90px",
        align: "end",
        sortBy: ({ image }) => image.sizeBytes,
        cell: ({ image }) => formatBytes(image.sizeBytes),
      },
    ],
    [t],
  );
}

/** The images of the engine. */
export function ImagesScreen() {
  const { t } = useTranslation("images");
  const list = useLiveList(imagesSource);
  const view = useListView(defaults);
  const columns = useImageColumns();
  const all = useMemo(() => imageRows(list.items ?? []), [list.items]);
  const { appliedQuery: query, filter } = view;
  const rows = useMemo(
    () =>
      all.filter(
        (row) =>
          (filter === "all" || (filter === "tagged") === (row.repository !== undefined)) &&
          matchesQuery(query, [imageName(row), row.image.id]),
      ),
    [all, filter, query],
  );
  const tagged = all.filter(({ repository }) => repository !== undefined).length;
  const filters = [
    { id: "all", label: t("filter.all"), count: all.length },
    { id: "tagged", label: t("filter.tagged"), count: tagged },
    { id: "dangling", label: t("filter.dangling"), count: all.length - tagged },
  ];
  const actionsOf = useCallback(
    (row: ImageRow): readonly RowAction[] => {
      const name = imageName(row);
      const copyId = {
        id: "copyId",
        label: t("copyId", { name }),
        icon: Copy,
        run: () => void copyAndTell(row.image.id),
      };
      if (row.repository === undefined) return [copyId];
      return [
        { id: "copy", label: t("copyReference", { name }), icon: Copy, run: () => void copyAndTell(name) },
        copyId,
      ];
    },
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
      empty={<EmptyState icon={Layers} title={t("empty.title")} body={t("empty.body")} command={t("empty.command")} />}
      table={{ name: "images", rows, columns, idOf, nameOf: imageName, actionsOf }}
    />
  );
}

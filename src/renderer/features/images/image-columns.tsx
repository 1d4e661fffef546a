import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { AgoCell, NameLink, TextCell } from "../../components/table/cells.tsx";
import type { DataColumn } from "../../components/table/column.ts";
import { formatBytes, shortId } from "../../lib/format.ts";
import { queryClient } from "../../lib/query-client.ts";
import type { ImageRow } from "./image-rows.ts";
import { platformOf } from "./platforms.ts";

/** What each image shares with others, once measured. */
export type Usage = ReadonlyMap<string, { readonly sharedBytes: number; readonly uniqueBytes: number }>;

function PlatformCell({ id }: { readonly id: string }) {
  const { data } = useQuery(
    { queryKey: ["images", "platform", id], queryFn: () => platformOf(id), staleTime: Number.POSITIVE_INFINITY },
    queryClient,
  );
  return <TextCell muted text={data ?? ""} />;
}

function UsedByCell({ usedBy }: { readonly usedBy: readonly string[] }) {
  const { t } = useTranslation("images");
  if (usedBy.length === 0) return <span className="text-muted">{t("unused")}</span>;
  const text = usedBy.length === 1 ? (usedBy[0] ?? "") : t("usedBy", { count: usedBy.length });
  return (
    <span data-tip={usedBy.slice(0, 20).join(", ")} className="block truncate">
      {text}
    </span>
  );
}

function nameCells(t: ReturnType<typeof useTranslation<["images", "common"]>>["t"]): DataColumn<ImageRow>[] {
  return [
    {
      id: "repository",
      header: t("images:column.repository"),
      width: "minmax(140px, 3fr)",
      fixed: true,
      sortBy: ({ repository }) => repository,
      cell: ({ image, repository }) => (
        <NameLink to="/images/$id" params={{ id: shortId(image.id) }} text={repository ?? t("images:untagged")} />
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
      width: "116px",
      from: 760,
      cell: ({ image }) => <TextCell mono muted text={shortId(image.id)} />,
    },
    {
      id: "usedBy",
      header: t("images:column.usedBy"),
      width: "minmax(90px, 1fr)",
      from: 560,
      sortBy: ({ usedBy }) => -usedBy.length,
      cell: ({ usedBy }) => <UsedByCell usedBy={usedBy} />,
    },
  ];
}

export function useImageColumns(usage: Usage | undefined): readonly DataColumn<ImageRow>[] {
  const { t } = useTranslation(["images", "common"]);
  return useMemo(() => {
    const measured = (part: "sharedBytes" | "uniqueBytes", id: "shared" | "unique"): DataColumn<ImageRow> => ({
      id,
      header: t(`images:column.${id}`),
      width: "84px",
      align: "end",
      sortBy: ({ image }) => usage?.get(image.id)?.[part],
      cell: ({ image }) => {
        const bytes = usage?.get(image.id)?.[part];
        return bytes === undefined ? "" : formatBytes(bytes);
      },
    });
    return [
      ...nameCells(t),
      {
        id: "platform",
        header: t("images:column.platform"),
        width: "minmax(84px, 1fr)",
        from: 820,
        cell: ({ image }) => <PlatformCell id={image.id} />,
      },
      {
        id: "created",
        header: t("common:created"),
        width: "124px",
        from: 520,
        sortBy: ({ image }) => image.createdAt,
        cell: ({ image }) => <AgoCell timeMs={image.createdAt} />,
      },
      {
        id: "size",
        header: t("images:column.size"),
        width: "84px",
        align: "end",
        sortBy: ({ image }) => image.sizeBytes,
        cell: ({ image }) => formatBytes(image.sizeBytes),
      },
      ...(usage ? [measured("sharedBytes", "shared"), measured("uniqueBytes", "unique")] : []),
    ];
  }, [t, usage]);
}

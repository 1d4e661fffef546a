import { File as FileIcon, Folder, Link2 } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { FileEntry } from "#contract";
import { AgoCell, TextCell } from "../../components/table/cells.tsx";
import type { DataColumn } from "../../components/table/column.ts";
import { formatBytes } from "../../lib/format.ts";
import { formatMode, showName } from "./file-format.ts";

const icons = { folder: Folder, link: Link2, file: FileIcon, fifo: FileIcon, socket: FileIcon, device: FileIcon };
export const nameOf = ({ name }: FileEntry): string => showName(name);
export const idOf = ({ name }: FileEntry): string => name;
/** Folders first, as people look for them. */
const sortName = ({ type, name }: FileEntry): string => `${type === "folder" ? "0" : "1"}${name}`;

export function useFileColumns(): readonly DataColumn<FileEntry>[] {
  const { t } = useTranslation("files");
  return useMemo(
    () => [
      {
        id: "name",
        header: t("name"),
        width: "minmax(160px, 4fr)",
        fixed: true,
        sortBy: sortName,
        cell: ({ name, type, target }) => {
          const Icon = icons[type];
          return (
            <span className="flex items-center gap-2">
              <Icon size={14} aria-label={t(`type.${type}`)} role="img" className="shrink-0 text-muted" />
              <TextCell text={target === undefined ? showName(name) : `${showName(name)} → ${showName(target)}`} />
            </span>
          );
        },
      },
      {
        id: "size",
        header: t("size"),
        width: "90px",
        align: "end",
        sortBy: ({ sizeBytes }) => sizeBytes,
        cell: ({ type, sizeBytes }) => (type === "file" ? formatBytes(sizeBytes) : ""),
      },
      {
        id: "mode",
        header: t("mode"),
        width: "110px",
        from: 620,
        cell: (entry) => <TextCell mono muted text={formatMode(entry)} />,
      },
      {
        id: "owner",
        header: t("owner"),
        width: "90px",
        from: 720,
        sortBy: ({ uid }) => uid,
        cell: ({ uid, gid }) => <TextCell mono muted text={`${uid}:${gid}`} />,
      },
      {
        id: "modified",
        header: t("modified"),
        width: "130px",
        from: 520,
        sortBy: ({ modifiedAt }) => modifiedAt,
        cell: ({ modifiedAt }) => <AgoCell timeMs={modifiedAt} />,
      },
    ],
    [t],
  );
}

import { Copy, Download, Eye, Pencil, Trash2 } from "lucide-react";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { FileEntry } from "#contract";
import type { RowAction } from "../../components/table/table-row.tsx";
import { joinPath, showName } from "./file-format.ts";
import type { Open } from "./open-dialog.tsx";
import { download } from "./transfers.ts";

interface ActionPlace {
  readonly volume: string;
  readonly path: string;
  readonly locked: string | undefined;
}

interface ActionTargets {
  readonly onOpen: (entry: FileEntry) => void;
  readonly setOpen: (open: Open) => void;
}

/** What can be done with one file, and with a selection of them. */
export function useFileActions({ volume, path, locked }: ActionPlace, { onOpen, setOpen }: ActionTargets) {
  const { t } = useTranslation("files");
  const actionsOf = useCallback(
    (entry: FileEntry): readonly RowAction[] => {
      const named = (id: "open" | "download" | "rename" | "copy" | "delete") => ({
        id,
        label: t(`verb.${id}`),
        name: `${t(`verb.${id}`)} ${showName(entry.name)}`,
      });
      return [
        { ...named("open"), icon: Eye, run: () => onOpen(entry) },
        {
          ...named("download"),
          icon: Download,
          inline: true,
          run: () => download(volume, [joinPath(path, entry.name)], entry.name),
        },
        {
          ...named("rename"),
          icon: Pencil,
          inline: true,
          disabledReason: locked,
          run: () => setOpen({ kind: "rename", entry }),
        },
        { ...named("copy"), icon: Copy, run: () => setOpen({ kind: "copy", entries: [entry] }) },
        {
          ...named("delete"),
          icon: Trash2,
          inline: true,
          danger: true,
          disabledReason: locked,
          run: () => setOpen({ kind: "delete", entries: [entry] }),
        },
      ];
    },
    [t, onOpen, setOpen, volume, path, locked],
  );
  const bulkOf = useCallback(
    (entries: readonly FileEntry[]): readonly RowAction[] => [
      {
        id: "download",
        label: t("verb.download"),
        icon: Download,
        run: () =>
          download(
            volume,
            entries.map(({ name }) => joinPath(path, name)),
            volume,
          ),
      },
      { id: "copy", label: t("verb.copy"), icon: Copy, run: () => setOpen({ kind: "copy", entries }) },
      {
        id: "delete",
        label: t("verb.delete"),
        icon: Trash2,
        danger: true,
        disabledReason: locked,
        run: () => setOpen({ kind: "delete", entries }),
      },
    ],
    [t, setOpen, volume, path, locked],
  );
  return { actionsOf, bulkOf };
}

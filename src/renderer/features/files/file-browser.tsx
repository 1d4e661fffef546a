import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Folder, SearchX } from "lucide-react";
import { type DragEvent, useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type FileEntry, fromColumns } from "#contract";
import { matchesQuery } from "../../components/screen/match.ts";
import { DataTable } from "../../components/table/data-table.tsx";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { ErrorState } from "../../components/ui/error-state.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useReadiness } from "../../hooks/use-engine.ts";
import { client } from "../../lib/client.ts";
import { useFileActions } from "./file-actions.ts";
import { idOf, nameOf, useFileColumns } from "./file-columns.tsx";
import { ConflictDialog } from "./file-dialogs.tsx";
import { joinPath, parentOf } from "./file-format.ts";
import { FileToolbar } from "./file-toolbar.tsx";
import { type Open, OpenDialog } from "./open-dialog.tsx";
import { TransferList } from "./transfer-list.tsx";
import { useTransfers } from "./transfers.ts";
import { fromDrop } from "./upload-set.ts";
import { offerUpload } from "./uploads.ts";

function useFolder(volume: string, path: string) {
  const changes = useTransfers((state) => state.changes);
  const readiness = useReadiness();
  return useQuery({
    queryKey: ["folder", volume, path, changes],
    queryFn: async ({ signal }) => {
      const { columns, total } = await client.files.list({ volume, path }, { signal });
      return { entries: fromColumns(columns), total };
    },
    enabled: readiness.ready,
    placeholderData: (before, query) => (query?.queryKey[2] === path ? before : undefined),
    gcTime: 0,
    retry: false,
  });
}

interface FileBrowserProps {
  readonly volume: string;
  /** Protected: nothing can be changed. */
  readonly readOnly: boolean;
}

/** The files of a volume, whoever uses it or nobody. */
export function FileBrowser({ volume, readOnly }: FileBrowserProps) {
  const { t } = useTranslation(["files", "common"]);
  const search: { path?: string } = useSearch({ strict: false });
  const path = search.path ?? "";
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [sort, setSort] = useState("name");
  const [open, setOpen] = useState<Open>();
  const [isOver, setOver] = useState(false);
  const folder = useFolder(volume, path);
  const columns = useFileColumns();
  const place = useMemo(() => ({ volume, folder: path }), [volume, path]);
  const go = useCallback(
    (next: string) => {
      setQuery("");
      void navigate({
        to: "/volumes/$name/files",
        params: { name: volume },
        search: next === "" ? {} : { path: next },
      });
    },
    [navigate, volume],
  );
  const onOpen = useCallback(
    (entry: FileEntry) => {
      if (entry.type === "folder" || entry.type === "link") go(joinPath(path, entry.name));
      else if (entry.type === "file") setOpen({ kind: "preview", entry });
    },
    [go, path],
  );
  const locked = readOnly ? t("readOnly") : undefined;
  const { actionsOf, bulkOf } = useFileActions({ volume, path, locked }, { onOpen, setOpen });
  const rows = useMemo(
    () => (folder.data?.entries ?? []).filter(({ name }) => matchesQuery(query, [name])),
    [folder.data, query],
  );
  const close = (): void => setOpen(undefined);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    if (!readOnly) void offerUpload(place, fromDrop(event.dataTransfer));
  };
  const total = folder.data?.total ?? 0;
  return (
    <section
      aria-label={t("title", { name: volume })}
      className={`flex h-full min-h-0 flex-col ${isOver && !readOnly ? "outline-2 -outline-offset-2 outline-accent" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={onDrop}
    >
      <FileToolbar
        place={place}
        count={folder.data && total}
        query={query}
        locked={locked}
        onQuery={setQuery}
        onGo={go}
        onRefresh={() => void folder.refetch()}
        onNewFolder={() => setOpen({ kind: "folder" })}
      />
      <TransferList />
      <div className="relative min-h-0 grow">
        {folder.error && (
          <ErrorState title={t("failed.list")} message={folder.error.message} onRetry={() => void folder.refetch()}>
            {path !== "" && <Button onClick={() => go(parentOf(path))}>{t("up")}</Button>}
          </ErrorState>
        )}
        {!folder.data && !folder.error && <Skeleton what={t("title", { name: volume })} />}
        {folder.data && total === 0 && (
          <EmptyState icon={Folder} title={t("empty.title")} body={readOnly ? undefined : t("empty.body")} />
        )}
        {total > 0 && rows.length === 0 && (
          <EmptyState
            icon={SearchX}
            title={t("common:table.noMatch")}
            body={t("common:table.noMatchBody", { count: total })}
            action={<Button onClick={() => setQuery("")}>{t("common:table.clearFilters")}</Button>}
          />
        )}
        {rows.length > 0 && (
          <DataTable
            name={`files:${volume}:${path}`}
            label={t("title", { name: volume })}
            rows={rows}
            columns={columns}
            idOf={idOf}
            nameOf={nameOf}
            sort={sort}
            onSort={setSort}
            viewKey={`${path}\n${query}`}
            actionsOf={actionsOf}
            bulkOf={bulkOf}
            onOpen={onOpen}
          />
        )}
      </div>
      <OpenDialog open={open} place={place} readOnly={readOnly} onClose={close} />
      <ConflictDialog />
    </section>
  );
}

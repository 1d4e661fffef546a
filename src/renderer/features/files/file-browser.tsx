import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import {
  Copy,
  Download,
  Eye,
  File as FileIcon,
  Folder,
  FolderPlus,
  Link2,
  Pencil,
  RotateCw,
  Trash2,
  Upload,
  X,
} from "lucide-react";
import { type DragEvent, useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FileEntry } from "#contract";
import { matchesQuery } from "../../components/screen/match.ts";
import { AgoCell, TextCell } from "../../components/table/cells.tsx";
import type { DataColumn } from "../../components/table/column.ts";
import { DataTable } from "../../components/table/data-table.tsx";
import type { RowAction } from "../../components/table/table-row.tsx";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { ErrorState } from "../../components/ui/error-state.tsx";
import { IconButton } from "../../components/ui/icon-button.tsx";
import { SearchField } from "../../components/ui/search-field.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useReadiness } from "../../hooks/use-engine.ts";
import { client } from "../../lib/client.ts";
import { formatBytes, formatNumber } from "../../lib/format.ts";
import { ConflictDialog, CopyDialog, DeleteDialog, NewFolderDialog, RenameDialog } from "./file-dialogs.tsx";
import { formatMode, joinPath, parentOf, showName } from "./file-format.ts";
import { PreviewDialog } from "./preview-dialog.tsx";
import { download, offerUpload, useTransfers } from "./transfers.ts";

type Open =
  | { readonly kind: "folder" }
  | { readonly kind: "preview" | "rename"; readonly entry: FileEntry }
  | { readonly kind: "delete" | "copy"; readonly entries: readonly FileEntry[] };

const icons = { folder: Folder, link: Link2, file: FileIcon, fifo: FileIcon, socket: FileIcon, device: FileIcon };
const nameOf = ({ name }: FileEntry): string => showName(name);
const idOf = ({ name }: FileEntry): string => name;
/** Folders first, as people look for them. */
const sortName = ({ type, name }: FileEntry): string => `${type === "folder" ? "0" : "1"}${name}`;

function useFileColumns(): readonly DataColumn<FileEntry>[] {
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

function Breadcrumbs({ volume, path, onGo }: { volume: string; path: string; onGo: (path: string) => void }) {
  const { t } = useTranslation("files");
  const parts = path === "" ? [] : path.split("/");
  const steps = [
    { label: volume, path: "" },
    ...parts.map((part, index) => ({ label: showName(part), path: parts.slice(0, index + 1).join("/") })),
  ];
  return (
    <nav aria-label={t("path")} className="flex min-w-0 flex-wrap items-center gap-0.5">
      {steps.map((step, index) => (
        <span key={step.path} className="flex min-w-0 items-center gap-0.5">
          {index > 0 && <span className="text-faint">/</span>}
          <button
            type="button"
            aria-current={index === steps.length - 1 ? "location" : undefined}
            onClick={() => onGo(step.path)}
            className="focus-inset min-h-6 max-w-60 truncate rounded-sm px-1 hover:bg-hover"
          >
            {step.label}
          </button>
        </span>
      ))}
    </nav>
  );
}

function TransferList() {
  const { t } = useTranslation("files");
  const transfers = useTransfers((state) => state.transfers);
  if (transfers.length === 0) return null;
  return (
    <ul aria-label={t("transfers")} className="border-b border-line bg-sunken px-4 py-1.5">
      {transfers.map(({ id, label, doneBytes, totalBytes, cancel }) => (
        <li key={id} className="flex items-center gap-3">
          <span className="min-w-0 grow truncate">{showName(label)}</span>
          <progress
            aria-label={showName(label)}
            value={totalBytes === undefined ? undefined : doneBytes}
            max={totalBytes || 1}
          />
          <span className="text-sm text-muted">
            {formatBytes(doneBytes)}
            {totalBytes === undefined ? "" : ` / ${formatBytes(totalBytes)}`}
          </span>
          <IconButton icon={X} label={t("cancelTransfer", { name: showName(label) })} onClick={cancel} />
        </li>
      ))}
    </ul>
  );
}

function useFolder(volume: string, path: string) {
  const changes = useTransfers((state) => state.changes);
  const readiness = useReadiness();
  return useQuery({
    queryKey: ["folder", volume, path, changes],
    queryFn: ({ signal }) => client.files.list({ volume, path }, { signal }),
    enabled: readiness.ready,
    placeholderData: (before, query) => (query?.queryKey[2] === path ? before : undefined),
    gcTime: 0,
    retry: false,
  });
}

interface OpenDialogProps {
  readonly open: Open | undefined;
  readonly place: { readonly volume: string; readonly folder: string };
  readonly readOnly: boolean;
  readonly onClose: () => void;
}

function OpenDialog({ open, place, readOnly, onClose: close }: OpenDialogProps) {
  const { volume, folder: path } = place;
  return (
    <>
      {open?.kind === "folder" && <NewFolderDialog place={place} onClose={close} />}
      {open?.kind === "rename" && <RenameDialog place={place} entry={open.entry} onClose={close} />}
      {open?.kind === "delete" && <DeleteDialog place={place} entries={open.entries} onClose={close} />}
      {open?.kind === "copy" && <CopyDialog place={place} entries={open.entries} onClose={close} />}
      {open?.kind === "preview" && (
        <PreviewDialog
          volume={volume}
          path={joinPath(path, open.entry.name)}
          entry={open.entry}
          readOnly={readOnly}
          onClose={close}
        />
      )}
    </>
  );
}

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
function useFileActions({ volume, path, locked }: ActionPlace, { onOpen, setOpen }: ActionTargets) {
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

interface FileBrowserProps {
  readonly volume: string;
  /** Protected: nothing can be changed. */
  readonly readOnly: boolean;
}

/** The files of a volume, whoever uses it or nobody. */
export function FileBrowser({ volume, readOnly }: FileBrowserProps) {
  const { t } = useTranslation("files");
  const search: { path?: string } = useSearch({ strict: false });
  const path = search.path ?? "";
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [sort, setSort] = useState("name");
  const [open, setOpen] = useState<Open>();
  const [isOver, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
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
    if (!readOnly) void offerUpload(place, [...event.dataTransfer.files]);
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
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
        <Breadcrumbs volume={volume} path={path} onGo={go} />
        <span role="status" className="text-sm text-muted">
          {folder.data && t("count", { count: total, shown: formatNumber(total) })}
        </span>
        <div className="ml-auto flex flex-wrap items-center gap-1.5">
          <SearchField label={t("search")} value={query} onChange={setQuery} className="w-40" />
          <IconButton icon={RotateCw} label={t("refresh")} onClick={() => void folder.refetch()} />
          <Button icon={FolderPlus} disabledReason={locked} onClick={() => setOpen({ kind: "folder" })}>
            {t("newFolder")}
          </Button>
          <Button tone="primary" icon={Upload} disabledReason={locked} onClick={() => picker.current?.click()}>
            {t("upload")}
          </Button>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            aria-label={t("upload")}
            onChange={(event) => {
              void offerUpload(place, [...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
        </div>
      </div>
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
        {folder.data && total > 0 && (
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

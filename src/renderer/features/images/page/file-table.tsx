import { useVirtualizer } from "@tanstack/react-virtual";
import { CornerDownRight, File, FileX, Folder, type LucideIcon } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ImageFile } from "#contract";
import { formatBytes, formatTime } from "../../../lib/format.ts";

const rowHeight = 30;
const columns =
  "grid grid-cols-[minmax(160px,1fr)_90px_104px_96px_190px] gap-x-3 px-4 max-md:grid-cols-[minmax(120px,1fr)_90px_104px]";

const icons: Readonly<Record<ImageFile["kind"], LucideIcon>> = {
  file: File,
  directory: Folder,
  symlink: CornerDownRight,
  hardlink: File,
  device: File,
  fifo: File,
  removed: FileX,
};

const typeLetters: Readonly<Record<ImageFile["kind"], string>> = {
  file: "-",
  directory: "d",
  symlink: "l",
  hardlink: "-",
  device: "c",
  fifo: "p",
  removed: "?",
};

/** `drwxr-xr-x`, as `ls` writes it. */
function modeText({ kind, mode }: ImageFile): string {
  const bits = [...Array(9).keys()].map((index) => ((mode >> (8 - index)) & 1 ? "rwxrwxrwx"[index] : "-"));
  return (typeLetters[kind] ?? "-") + bits.join("");
}

interface NameProps {
  readonly file: ImageFile;
  readonly onOpen: (path: string) => void;
}

function Name({ file, onOpen }: NameProps) {
  const { t } = useTranslation("images");
  const { name, kind, target } = file;
  const Icon = icons[kind];
  const opens = kind === "directory" || kind === "symlink";
  const text = kind === "removed" && name === "*" ? t("files.everything") : name;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Icon size={14} aria-hidden className="shrink-0 text-muted" />
      <span className="sr-only">{t(`files.kinds.${kind}`)}</span>
      {opens ? (
        <button
          type="button"
          className="focus-inset truncate rounded-sm text-left hover:underline"
          onClick={() => onOpen(name)}
        >
          {text}
        </button>
      ) : (
        <span data-tip-cut="" className={kind === "removed" ? "truncate text-muted line-through" : "truncate"}>
          {text}
        </span>
      )}
      {kind === "symlink" && <span className="truncate text-muted">→ {target}</span>}
      {kind === "hardlink" && (
        <span className="truncate text-muted">{t("files.hardlink", { target: target ?? "" })}</span>
      )}
      {kind === "removed" && <span className="shrink-0 text-muted">{t("files.removed")}</span>}
    </span>
  );
}

interface FileRowProps extends NameProps {
  readonly index: number;
  readonly top: number;
}

function FileRow({ file, index, top, onOpen }: FileRowProps) {
  const hasSize = file.kind === "file" || file.kind === "hardlink";
  return (
    <tr
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${top}px)`, height: rowHeight }}
      className={`${columns} absolute inset-x-0 top-0 items-center hover:bg-hover`}
    >
      <td className="min-w-0">
        <Name file={file} onOpen={onOpen} />
      </td>
      <td className="text-right">{hasSize ? formatBytes(file.sizeBytes) : ""}</td>
      <td className="font-mono text-sm text-muted">{modeText(file)}</td>
      <td className="text-muted max-md:hidden">
        {file.uid}:{file.gid}
      </td>
      <td className="truncate text-muted max-md:hidden">{file.modifiedAt > 0 ? formatTime(file.modifiedAt) : ""}</td>
    </tr>
  );
}

interface FileTableProps {
  readonly label: string;
  readonly entries: readonly ImageFile[];
  /** A name in this folder, or an absolute path. */
  readonly onOpen: (path: string) => void;
}

/** One folder of an image; a folder may hold tens of thousands. */
export function FileTable({ label, entries, onOpen }: FileTableProps) {
  const { t } = useTranslation("images");
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  if (entries.length === 0) return <p className="px-4 py-3 text-muted">{t("files.emptyFolder")}</p>;
  const headers = [t("files.name"), t("files.size"), t("files.mode"), t("files.owner"), t("files.modified")];
  return (
    <section ref={scroll} aria-label={label} tabIndex={0} className="focus-inset min-h-0 grow overflow-auto">
      <table aria-label={label} aria-rowcount={entries.length + 1} className="block text-left">
        <thead className="sticky top-0 z-10 block bg-surface">
          <tr aria-rowindex={1} className={`${columns} border-b border-line py-1 text-sm text-muted`}>
            {headers.map((header, index) => (
              <th key={header} scope="col" className={index > 2 ? "font-normal max-md:hidden" : "font-normal"}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="relative block" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const file = entries[index];
            return file && <FileRow key={file.name} file={file} index={index} top={start} onOpen={onOpen} />;
          })}
        </tbody>
      </table>
    </section>
  );
}

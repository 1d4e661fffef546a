import { useQuery } from "@tanstack/react-query";
import { ArrowUp, File, Folder } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type HostFile, toAppError } from "#contract";
import { client } from "../../lib/client.ts";
import { formatBytes } from "../../lib/format.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Mono } from "../ui/mono.tsx";
import { TextField } from "../ui/text-field.tsx";

interface BrowseDialogProps {
  readonly kind: "folder" | "file" | "newFile";
  /** Where to begin; a file's folder, or the home where it leads nowhere. */
  readonly start: string;
  readonly title: string;
  readonly onChoose: (path: string) => void;
  readonly onClose: () => void;
}

function join(folder: string, name: string): string {
  const separator = folder.includes("\\") ? "\\" : "/";
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

function folderOf(path: string): string | undefined {
  return path.replace(/[\\/][^\\/]*$/, "") || undefined;
}

const rowLook = "flex h-7 w-full items-center gap-2 rounded-sm px-2 text-left hover:bg-hover focus-inset";

function Entry({ entry, onOpen }: { readonly entry: HostFile; readonly onOpen: () => void }) {
  const Icon = entry.kind === "directory" ? Folder : File;
  return (
    <li>
      <button type="button" className={rowLook} onClick={onOpen}>
        <Icon size={14} aria-hidden className="shrink-0 text-muted" />
        <span className="min-w-0 grow truncate">{entry.name}</span>
        {entry.kind === "file" && <span className="text-muted">{formatBytes(entry.sizeBytes)}</span>}
      </button>
    </li>
  );
}

/** The files of the machine where Longshore runs, folder by folder. */
export function BrowseDialog({ kind, start, title, onChoose, onClose }: BrowseDialogProps) {
  const { t } = useTranslation();
  const [path, setPath] = useState<string | undefined>(kind === "folder" ? start || undefined : folderOf(start));
  const [name, setName] = useState(kind === "newFile" ? (start.split(/[\\/]/).at(-1) ?? "") : "");
  const { data, error } = useQuery({
    queryKey: ["hostFiles", path ?? ""],
    queryFn: ({ signal }) => client.hostFiles.list(path === undefined ? {} : { path }, { signal }),
    retry: false,
    gcTime: 0,
  });
  const choose = (chosen: string): void => {
    onChoose(chosen);
    onClose();
  };
  const open = (entry: HostFile): void => {
    const whole = join(data?.path ?? "", entry.name);
    if (entry.kind === "directory") setPath(whole);
    else if (kind === "newFile") setName(entry.name);
    else choose(whole);
  };
  const shown = (data?.entries ?? []).filter((entry) => entry.kind === "directory" || kind !== "folder");
  const here = data?.path ?? "";
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          {kind === "folder" && (
            <Button
              tone="primary"
              disabledReason={data ? undefined : t("loading", { what: title })}
              onClick={() => choose(here)}
            >
              {t("chooseFolder")}
            </Button>
          )}
          {kind === "newFile" && (
            <Button
              tone="primary"
              disabledReason={name ? undefined : t("nameMissing")}
              onClick={() => choose(join(here, name))}
            >
              {t("choose")}
            </Button>
          )}
        </>
      }
    >
      <div className="flex items-center gap-2">
        <Button
          icon={ArrowUp}
          disabledReason={data?.parent ? undefined : t("noParent")}
          onClick={() => setPath(data?.parent)}
        >
          {t("parentFolder")}
        </Button>
        <Mono text={here} />
      </div>
      {error && (
        <div role="alert" className="flex items-center gap-2 text-failed">
          {toAppError(error).message}
          <Button onClick={() => setPath(undefined)}>{t("homeFolder")}</Button>
        </div>
      )}
      <ul aria-label={here} className="h-72 overflow-y-auto rounded-md border border-line p-1">
        {shown.map((entry) => (
          <Entry key={entry.name} entry={entry} onOpen={() => open(entry)} />
        ))}
      </ul>
      {kind === "newFile" && <TextField mono label={t("fileName")} value={name} onChange={setName} />}
    </Dialog>
  );
}

import type { FileEntry } from "#contract";
import { CopyDialog, DeleteDialog, NewFolderDialog, RenameDialog } from "./file-dialogs.tsx";
import { joinPath } from "./file-format.ts";
import { PreviewDialog } from "./preview-dialog.tsx";

/** The dialog of the file browser that is open, and what it is about. */
export type Open =
  | { readonly kind: "folder" }
  | { readonly kind: "preview" | "rename"; readonly entry: FileEntry }
  | { readonly kind: "delete" | "copy"; readonly entries: readonly FileEntry[] };

interface OpenDialogProps {
  readonly open: Open | undefined;
  readonly place: { readonly volume: string; readonly folder: string };
  readonly readOnly: boolean;
  readonly onClose: () => void;
}

/** At most one dialog at a time. */
export function OpenDialog({ open, place, readOnly, onClose: close }: OpenDialogProps) {
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

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type FileEntry, filePath, type OnConflict } from "#contract";
import { Button } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx";
import { Dialog } from "../../components/ui/dialog.tsx";
import { FormDialog } from "../../components/ui/form-dialog.tsx";
import { RadioGroup } from "../../components/ui/radio-group.tsx";
import { Select } from "../../components/ui/select.tsx";
import { TextField } from "../../components/ui/text-field.tsx";
import { useLiveList } from "../../hooks/use-live.ts";
import { useSubmit } from "../../hooks/use-submit.ts";
import { client } from "../../lib/client.ts";
import { reportError } from "../../lib/notify.ts";
import { volumesSource } from "../../lib/sources.ts";
import { untilTaskEnds } from "../../lib/until-task-ends.ts";
import { joinPath, showName } from "./file-format.ts";
import { noteChange } from "./transfers.ts";
import { answerConflict, useWaiting } from "./uploads.ts";

interface Place {
  readonly volume: string;
  readonly folder: string;
}

function nameProblem(name: string): boolean {
  return name === "" || name.includes("/") || !filePath.safeParse(name).success;
}

export function NewFolderDialog({ place, onClose }: { readonly place: Place; readonly onClose: () => void }) {
  const { t } = useTranslation(["files", "common"]);
  const [name, setName] = useState("");
  const form = useSubmit(async () => {
    await client.files.makeFolder({ volume: place.volume, path: joinPath(place.folder, name) });
    noteChange();
    onClose();
  });
  const why = nameProblem(name) ? t("nameRule") : undefined;
  return (
    <FormDialog title={t("newFolder")} verb={t("create")} form={form} onClose={onClose} disabledReason={why}>
      <TextField label={t("name")} value={name} onChange={setName} mono />
    </FormDialog>
  );
}

interface EntryDialogProps {
  readonly place: Place;
  readonly entry: FileEntry;
  readonly onClose: () => void;
}

export function RenameDialog({ place, entry, onClose }: EntryDialogProps) {
  const { t } = useTranslation(["files", "common"]);
  const [newName, setNewName] = useState(entry.name);
  const form = useSubmit(async () => {
    await client.files.rename({ volume: place.volume, path: joinPath(place.folder, entry.name), newName });
    noteChange();
    onClose();
  });
  const why = nameProblem(newName) || newName === entry.name ? t("nameRule") : undefined;
  const title = t("renameTitle", { name: showName(entry.name) });
  return (
    <FormDialog title={title} verb={t("verb.rename")} form={form} onClose={onClose} disabledReason={why}>
      <TextField label={t("newName")} value={newName} onChange={setNewName} mono />
    </FormDialog>
  );
}

export function DeleteDialog({
  place,
  entries,
  onClose,
}: {
  place: Place;
  entries: readonly FileEntry[];
  onClose: () => void;
}) {
  const { t } = useTranslation(["files", "common"]);
  const names = entries.map(({ name }) => showName(name));
  const title =
    entries.length === 1
      ? t("delete.title", { name: names[0] ?? "" })
      : t("delete.titleMany", { count: entries.length });
  const remove = (): void => {
    const paths = entries.map(({ name }) => joinPath(place.folder, name));
    client.files
      .remove({ volume: place.volume, paths })
      .catch((error: unknown) => reportError(error, t("failed.delete")))
      .finally(noteChange);
  };
  const hasFolder = entries.some(({ type }) => type === "folder");
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={title}
      consequence={hasFolder ? t("delete.folder") : t("delete.body")}
      verb={t("verb.delete")}
      onConfirm={remove}
    />
  );
}

const conflicts = ["keepBoth", "replace", "skip"] as const;

export function CopyDialog({
  place,
  entries,
  onClose,
}: {
  place: Place;
  entries: readonly FileEntry[];
  onClose: () => void;
}) {
  const { t } = useTranslation(["files", "common"]);
  const volumes = (useLiveList(volumesSource).items ?? []).filter(({ role }) => role.kind === "own");
  const [volume, setVolume] = useState(place.volume);
  const [folder, setFolder] = useState("");
  const [onConflict, setOnConflict] = useState<OnConflict>("keepBoth");
  const form = useSubmit(async () => {
    const paths = entries.map(({ name }) => joinPath(place.folder, name));
    const to = { volume, folder: folder.replaceAll(/^\/+|\/+$/g, "") };
    const { taskId } = await client.files.copy({ from: { volume: place.volume, paths }, to, onConflict });
    // How it ended is told with the list of tasks.
    untilTaskEnds(taskId)
      .catch(() => {})
      .finally(noteChange);
    onClose();
  });
  return (
    <FormDialog title={t("copyTitle", { count: entries.length })} verb={t("verb.copy")} form={form} onClose={onClose}>
      <Select
        label={t("toVolume")}
        showLabel
        value={volume}
        options={volumes.map(({ name }) => ({ value: name, label: name }))}
        onChange={setVolume}
      />
      <TextField label={t("toFolder")} hint={t("toFolderHint")} value={folder} onChange={setFolder} mono />
      <RadioGroup
        label={t("conflict.question")}
        value={onConflict}
        onChange={setOnConflict}
        options={conflicts.map((value) => ({ value, label: t(`conflict.${value}`) }))}
      />
    </FormDialog>
  );
}

/** Asks once for all files of an upload that are there already. */
export function ConflictDialog() {
  const { t } = useTranslation(["files", "common"]);
  const waiting = useWaiting((state) => state.waiting);
  if (!waiting) return null;
  const shown = waiting.taken.slice(0, 3).map(showName).join(", ");
  return (
    <Dialog
      open
      onClose={() => answerConflict(undefined)}
      title={t("conflict.title", { count: waiting.taken.length })}
      footer={
        <>
          <Button onClick={() => answerConflict(undefined)}>{t("common:cancel")}</Button>
          <Button onClick={() => answerConflict("skip")}>{t("conflict.skip")}</Button>
          <Button onClick={() => answerConflict("keepBoth")}>{t("conflict.keepBoth")}</Button>
          <Button tone="danger" onClick={() => answerConflict("replace")}>
            {t("conflict.replace")}
          </Button>
        </>
      }
    >
      <p>{t("conflict.body", { names: shown, count: waiting.taken.length })}</p>
    </Dialog>
  );
}

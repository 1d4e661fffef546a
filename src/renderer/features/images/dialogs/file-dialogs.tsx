import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { parseImageReference } from "#contract";
import { PathField } from "../../../components/host-files/path-field.tsx";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { type Submit, useSubmit } from "../../../hooks/use-submit.ts";
import { client } from "../../../lib/client.ts";
import { notify } from "../../../lib/notify.ts";
import type { Target } from "../image-actions.ts";

/** Starts a task that goes on in the background, says so, and closes the dialog. */
function useStart(started: string, start: () => Promise<unknown>, onClose: () => void): Submit {
  return useSubmit(async () => {
    await start();
    notify({ title: started });
    onClose();
  });
}

function fileNameOf(targets: readonly Target[]): string {
  const [only] = targets;
  const name = targets.length === 1 && only ? only.name : "images";
  return `${name.replace(/[^A-Za-z0-9._-]+/g, "-")}.tar`;
}

/** The user's home, where files go unless another place is chosen. */
function useHome(): string {
  const { data } = useQuery({
    queryKey: ["hostFiles", "home"],
    queryFn: ({ signal }) => client.hostFiles.list({}, { signal }),
    retry: false,
  });
  return data?.path ?? "";
}

/** Saves images to a tar on the machine where Longshore runs. */
export function SaveDialog({
  targets,
  onClose,
}: {
  readonly targets: readonly Target[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation(["images", "common"]);
  const home = useHome();
  const [typed, setTyped] = useState<string>();
  const path = typed ?? (home ? `${home}/${fileNameOf(targets)}` : "");
  const references = [...new Set(targets.map(({ reference, id }) => reference ?? id))];
  const title =
    targets.length === 1
      ? t("images:saveDialog.title", { name: targets[0]?.name ?? "" })
      : t("images:saveDialog.title_many", { count: targets.length });
  const form = useStart(
    t("images:saveDialog.started", { path }),
    () => client.images.save({ references, path }),
    onClose,
  );
  return (
    <FormDialog
      wide
      title={title}
      verb={t("images:verb.save")}
      form={form}
      onClose={onClose}
      disabledReason={path ? undefined : t("common:nameMissing")}
    >
      <PathField
        kind="newFile"
        label={t("images:saveDialog.path")}
        hint={t("images:saveDialog.hint")}
        value={path}
        onChange={setTyped}
      />
    </FormDialog>
  );
}

/** Loads images from a tar that `docker save` wrote. */
export function LoadDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(["images", "common"]);
  const [path, setPath] = useState("");
  const form = useStart(t("images:loadDialog.started", { path }), () => client.images.load({ path }), onClose);
  return (
    <FormDialog
      wide
      title={t("images:loadDialog.title")}
      verb={t("images:verb.load")}
      form={form}
      onClose={onClose}
      disabledReason={path ? undefined : t("common:nameMissing")}
    >
      <PathField
        kind="file"
        label={t("images:loadDialog.path")}
        hint={t("images:loadDialog.hint")}
        value={path}
        onChange={setPath}
      />
    </FormDialog>
  );
}

/** Makes an image of a file system's tar. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(["images", "common"]);
  const [path, setPath] = useState("");
  const [text, setText] = useState("");
  const result = parseImageReference(text.trim());
  const wrong = result.ok ? undefined : result.problem;
  const form = useStart(
    t("images:importDialog.started", { path }),
    () => client.images.import({ path, reference: text.trim() }),
    onClose,
  );
  return (
    <FormDialog
      wide
      title={t("images:importDialog.title")}
      verb={t("images:verb.import")}
      form={form}
      onClose={onClose}
      disabledReason={path ? wrong : t("common:nameMissing")}
    >
      <PathField
        kind="file"
        label={t("images:importDialog.path")}
        hint={t("images:importDialog.hint")}
        value={path}
        onChange={setPath}
      />
      <TextField
        mono
        label={t("images:importDialog.reference")}
        error={text === "" ? undefined : wrong}
        value={text}
        onChange={setText}
        autoComplete="off"
      />
    </FormDialog>
  );
}

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { parseImageReference, toAppError } from "#contract";
import { PathField } from "../../../components/host-files/path-field.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useReadiness } from "../../../hooks/use-engine.ts";
import { client } from "../../../lib/client.ts";
import { notify } from "../../../lib/notify.ts";
import type { Target } from "../image-actions.ts";

interface FormDialogProps {
  readonly title: string;
  readonly verb: string;
  /** Why it cannot be started yet. */
  readonly missing: string | undefined;
  readonly started: string;
  readonly start: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const formId = "image-file";

function FormDialog({ title, verb, missing, started, start, onClose, children }: FormDialogProps) {
  const { t } = useTranslation();
  const readiness = useReadiness();
  const [problem, setProblem] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (missing || !readiness.ready) return;
    try {
      await start();
      notify({ title: started });
      onClose();
    } catch (error) {
      setProblem(toAppError(error).message);
    }
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            tone="primary"
            type="submit"
            form={formId}
            disabledReason={readiness.ready ? missing : readiness.reason}
          >
            {verb}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-3">
        {children}
        {problem && (
          <p role="alert" className="break-words text-failed">
            {problem}
          </p>
        )}
      </form>
    </Dialog>
  );
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
  return (
    <FormDialog
      title={title}
      verb={t("images:verb.save")}
      missing={path ? undefined : t("common:nameMissing")}
      started={t("images:saveDialog.started", { path })}
      start={() => client.images.save({ references, path })}
      onClose={onClose}
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
  return (
    <FormDialog
      title={t("images:loadDialog.title")}
      verb={t("images:verb.load")}
      missing={path ? undefined : t("common:nameMissing")}
      started={t("images:loadDialog.started", { path })}
      start={() => client.images.load({ path })}
      onClose={onClose}
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
  return (
    <FormDialog
      title={t("images:importDialog.title")}
      verb={t("images:verb.import")}
      missing={path ? wrong : t("common:nameMissing")}
      started={t("images:importDialog.started", { path })}
      start={() => client.images.import({ path, reference: text.trim() })}
      onClose={onClose}
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

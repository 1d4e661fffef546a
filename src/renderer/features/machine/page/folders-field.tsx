import { FolderPlus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { SharedFolder } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { IconButton } from "../../../components/ui/icon-button.tsx";
import { inputLook } from "../../../components/ui/text-field.tsx";
import { classes } from "../../../lib/classes.ts";
import { type DraftForm, useProblem } from "./use-draft.ts";

/** Folders of this computer that containers may mount, at the same path. */
export function FoldersField({ form }: { readonly form: DraftForm }) {
  const { t } = useTranslation("machine");
  const problem = useProblem();
  const { sharedFolders: folders } = form.draft;
  const error = problem(form.errors.sharedFolders);
  const replace = (at: number, changes: Partial<SharedFolder>): void =>
    form.set({ sharedFolders: folders.map((folder, index) => (index === at ? { ...folder, ...changes } : folder)) });
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="font-medium">{t("folders.title")}</legend>
      <p className="text-sm text-muted">{t("folders.hint")}</p>
      {folders.map(({ path, readOnly }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the path is being typed; its place is what stays.
        <div key={index} className="flex flex-wrap items-center gap-3">
          <input
            aria-label={t("folders.path", { number: index + 1 })}
            value={path}
            spellCheck={false}
            placeholder={t("folders.example")}
            aria-invalid={error ? true : undefined}
            onChange={(event) => replace(index, { path: event.target.value })}
            className={classes(inputLook, "min-w-48 grow basis-60 font-mono text-sm")}
          />
          <Checkbox checked={readOnly} onChange={(next) => replace(index, { readOnly: next })}>
            {t("folders.readOnly")}
          </Checkbox>
          <IconButton
            icon={X}
            label={t("folders.remove", { path: path || t("folders.path", { number: index + 1 }) })}
            onClick={() => form.set({ sharedFolders: folders.filter((_folder, at) => at !== index) })}
          />
        </div>
      ))}
      {error && (
        <p role="alert" className="text-sm text-failed">
          {error}
        </p>
      )}
      <div>
        <Button
          icon={FolderPlus}
          onClick={() => form.set({ sharedFolders: [...folders, { path: "", readOnly: false }] })}
        >
          {t("folders.add")}
        </Button>
      </div>
    </fieldset>
  );
}

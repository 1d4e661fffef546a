import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { backupFormats } from "#contract";
import { PathField } from "../../../components/host-files/path-field.tsx";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { RadioGroup } from "../../../components/ui/radio-group.tsx";
import { useLiveList, useLiveValue } from "../../../hooks/use-live.ts";
import { useSubmit } from "../../../hooks/use-submit.ts";
import { client } from "../../../lib/client.ts";
import { volumeFactsSource, volumesSource } from "../../../lib/sources.ts";

type Format = (typeof backupFormats)[number];

/** Running containers that can write to a volume. */
function useWriters(name: string): readonly string[] {
  const volume = useLiveList(volumesSource).items?.find((item) => item.name === name);
  const writers = (volume?.usedBy ?? []).filter((use) => use.running && !use.readOnly);
  return [...new Set(writers.map((use) => use.name))];
}

/** Backs a volume up to a file, in the background. */
export function ExportDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { t } = useTranslation("volumes");
  const facts = useLiveValue(volumeFactsSource);
  const writers = useWriters(name);
  const [format, setFormat] = useState<Format>("tar.zst");
  const [typed, setTyped] = useState<string>();
  const [pause, setPause] = useState(true);
  const folder = typed ?? facts?.backupFolder ?? "";
  const form = useSubmit(async () => {
    await client.volumes.export({
      name,
      format,
      pause: pause && writers.length > 0,
      ...(folder ? { folder } : {}),
    });
    onClose();
  });
  return (
    <FormDialog title={t("export.title", { name })} verb={t("verb.export")} form={form} onClose={onClose}>
      <p className="text-muted">{t("export.body")}</p>
      <PathField
        kind="folder"
        label={t("export.folder")}
        hint={t("export.folderHint")}
        value={folder}
        onChange={setTyped}
      />
      <RadioGroup
        label={t("export.format")}
        value={format}
        onChange={setFormat}
        options={[
          { value: "tar.zst", label: t("export.zst") },
          { value: "tar.gz", label: t("export.gz") },
        ]}
      />
      {writers.length > 0 && (
        <div className="rounded-md bg-paused-tint px-2.5 py-1.5 text-paused" role="status">
          {t("export.writers", { names: writers.join(", "), count: writers.length })}
          <Checkbox checked={pause} onChange={setPause}>
            {t("export.pause")}
          </Checkbox>
        </div>
      )}
    </FormDialog>
  );
}

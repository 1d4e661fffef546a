import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BackupContent } from "#contract";
import { PathField } from "../../../components/host-files/path-field.tsx";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { RadioGroup } from "../../../components/ui/radio-group.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useLiveList } from "../../../hooks/use-live.ts";
import { useSubmit } from "../../../hooks/use-submit.ts";
import { client } from "../../../lib/client.ts";
import { formatBytes, formatNumber, formatTime } from "../../../lib/format.ts";
import { volumesSource } from "../../../lib/sources.ts";

interface ImportDialogProps {
  /** Asked from this volume's menu. */
  readonly name: string | undefined;
  readonly onClose: () => void;
}

/** Backups that Longshore wrote, to be chosen at a click. */
function KnownBackups({ onPick }: { readonly onPick: (path: string) => void }) {
  const { t } = useTranslation("volumes");
  const { data } = useQuery({ queryKey: ["backups"], queryFn: () => client.volumes.listBackups({}), gcTime: 0 });
  if (!data || data.files.length === 0) return null;
  return (
    <div className="flex flex-col gap-1">
      <span aria-hidden className="font-medium">
        {t("import.known")}
      </span>
      <ul aria-label={t("import.known")} className="max-h-32 overflow-y-auto rounded-md border border-line">
        {data.files.map(({ path, sizeBytes, modifiedAt }) => (
          <li key={path}>
            <button
              type="button"
              onClick={() => onPick(path)}
              className="focus-inset flex min-h-7 w-full items-center gap-2 px-2 text-left hover:bg-hover"
            >
              <span className="min-w-0 grow truncate font-mono text-sm">{path.slice(path.lastIndexOf("/") + 1)}</span>
              <span className="shrink-0 text-sm text-muted">
                {formatBytes(sizeBytes)} · {formatTime(modifiedAt)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Content({
  content,
  links,
  onLinks,
}: {
  content: BackupContent;
  links: boolean;
  onLinks: (keep: boolean) => void;
}) {
  const { t } = useTranslation("volumes");
  const { manifest, entries, sizeBytes, checksum, outsideLinks } = content;
  return (
    <div role="status" className="flex flex-col gap-1.5 rounded-md bg-sunken px-2.5 py-2">
      <p>
        {manifest
          ? t("import.from", { name: manifest.name, when: formatTime(manifest.exportedAt) })
          : t("import.foreign")}{" "}
        {t("import.holds", { count: entries, size: formatBytes(sizeBytes), entries: formatNumber(entries) })}{" "}
        {checksum === "matches" ? t("import.checked") : t("import.unchecked")}
      </p>
      {outsideLinks.length > 0 && (
        <>
          <p className="text-paused">{t("import.outside", { link: outsideLinks[0] ?? "" })}</p>
          <Checkbox checked={links} onChange={onLinks}>
            {t("import.keepLinks")}
          </Checkbox>
        </>
      )}
    </div>
  );
}

function Replaced({ name, stop, onStop }: { name: string; stop: boolean; onStop: (stop: boolean) => void }) {
  const { t } = useTranslation("volumes");
  const volume = useLiveList(volumesSource).items?.find((item) => item.name === name);
  const running = [...new Set((volume?.usedBy ?? []).filter((use) => use.running).map((use) => use.name))];
  return (
    <div role="status" className="rounded-md bg-paused-tint px-2.5 py-1.5 text-paused">
      <p>{t("import.replaces", { name })}</p>
      {running.length > 0 && (
        <Checkbox checked={stop} onChange={onStop}>
          {t("import.stop", { names: running.join(", ") })}
        </Checkbox>
      )}
    </div>
  );
}

/** Reads a backup first, says what it holds and what it replaces, and only then imports it. */
export function ImportDialog({ name, onClose }: ImportDialogProps) {
  const { t } = useTranslation("volumes");
  const [path, setPath] = useState("");
  const [content, setContent] = useState<BackupContent>();
  const [kind, setKind] = useState<"new" | "replace">(name ? "replace" : "new");
  const [newName, setNewName] = useState("");
  const [links, setLinks] = useState(false);
  const [stop, setStop] = useState(false);
  const checked = content && content.path === path ? content : undefined;
  const check = useSubmit(async () => {
    const found = await client.volumes.inspectBackup({ path });
    setContent(found);
    if (newName === "") setNewName(found.manifest?.name ?? "");
  });
  const send = useSubmit(async () => {
    const into = kind === "new" ? ({ kind, name: newName } as const) : ({ kind, name: name ?? "", stop } as const);
    await client.volumes.import({ path, into, keepOutsideLinks: links });
    onClose();
  });
  const form = checked ? send : check;
  const why = path === "" ? t("import.choose") : undefined;
  const needsLinks = checked && checked.outsideLinks.length > 0 && !links ? t("import.linksFirst") : undefined;
  return (
    <FormDialog
      title={name ? t("import.titleInto", { name }) : t("import.title")}
      verb={checked ? t("verb.import") : t("import.check")}
      form={form}
      onClose={onClose}
      disabledReason={why ?? needsLinks}
      wide
    >
      <KnownBackups onPick={setPath} />
      <PathField kind="file" label={t("import.path")} hint={t("import.pathHint")} value={path} onChange={setPath} />
      {checked && (
        <>
          <Content content={checked} links={links} onLinks={setLinks} />
          {name && (
            <RadioGroup
              label={t("import.into")}
              value={kind}
              onChange={setKind}
              options={[
                { value: "replace", label: t("import.intoThis", { name }) },
                { value: "new", label: t("import.intoNew") },
              ]}
            />
          )}
          {kind === "new" && <TextField label={t("import.newName")} value={newName} onChange={setNewName} mono />}
          {kind === "replace" && name && <Replaced name={name} stop={stop} onStop={setStop} />}
        </>
      )}
      {check.busy && <p className="text-muted">{t("import.reading")}</p>}
    </FormDialog>
  );
}

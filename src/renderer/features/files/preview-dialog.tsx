import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type FileEntry, maxEditBytes } from "#contract";
import { Button } from "../../components/ui/button.tsx";
import { Dialog } from "../../components/ui/dialog.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useSubmit } from "../../hooks/use-submit.ts";
import { client } from "../../lib/client.ts";
import { formatBytes } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { showName } from "./file-format.ts";
import { noteChange } from "./transfers.ts";

const maxImageBytes = 8 * 1024 * 1024;
const imageTypes: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
  ico: "image/x-icon",
};

type Content =
  | { readonly kind: "image"; readonly url: string }
  | { readonly kind: "text"; readonly text: string; readonly digest: string; readonly whole: boolean }
  | { readonly kind: "binary"; readonly sizeBytes: number };

function dataUrl(bytes: Uint8Array, type: string): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return `data:${type};base64,${btoa(text)}`;
}

function textOf(bytes: Uint8Array, whole: boolean): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    // A cut file may end in the middle of a character.
    return new TextDecoder("utf-8", { fatal: whole, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function load(volume: string, path: string): Promise<Content> {
  const type = imageTypes[path.slice(path.lastIndexOf(".") + 1).toLowerCase()];
  const { bytes, sizeBytes, digest } = await client.files.read({
    volume,
    path,
    maxBytes: type ? maxImageBytes : maxEditBytes,
  });
  const whole = bytes.length === sizeBytes;
  if (type && whole) return { kind: "image", url: dataUrl(bytes, type) };
  const text = textOf(bytes, whole);
  return text === undefined ? { kind: "binary", sizeBytes } : { kind: "text", text, digest, whole };
}

interface EditorProps {
  readonly place: { readonly volume: string; readonly path: string };
  readonly content: Extract<Content, { kind: "text" }>;
  readonly readOnly: boolean;
  readonly onClose: () => void;
}

function formattedJson(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return undefined;
  }
}

function TextEditor({ place, content, readOnly, onClose }: EditorProps) {
  const { t } = useTranslation("files");
  const [text, setText] = useState(content.text);
  const locked = readOnly || !content.whole;
  const json = place.path.endsWith(".json") ? formattedJson(text) : undefined;
  const write = (expected: string | undefined) => async (): Promise<void> => {
    const bytes = new TextEncoder().encode(text);
    await client.files.write({ ...place, bytes, ...(expected === undefined ? {} : { expected }) });
    notify({ title: t("done.saved", { name: showName(place.path) }) });
    noteChange();
    onClose();
  };
  const save = useSubmit(write(content.digest));
  const overwrite = useSubmit(write(undefined));
  const isChanged = save.error?.data?.reason === "changed";
  return (
    <>
      {!content.whole && <p className="text-paused">{t("preview.cut", { size: formatBytes(maxEditBytes) })}</p>}
      <textarea
        aria-label={t("preview.content")}
        value={text}
        readOnly={locked}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        className="h-80 w-full resize-y rounded-md border border-control bg-surface p-2 font-mono text-sm text-ink"
      />
      {(overwrite.error ?? save.error) && (
        <p role="alert" className="break-words text-failed">
          {(overwrite.error ?? save.error)?.message}
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        {json !== undefined && json !== text && (
          <Button onClick={() => setText(json)}>{t("preview.formatJson")}</Button>
        )}
        {isChanged && (
          <Button tone="danger" onClick={overwrite.submit} busy={overwrite.busy}>
            {t("preview.overwrite")}
          </Button>
        )}
        {!locked && (
          <Button
            tone="primary"
            onClick={save.submit}
            busy={save.busy}
            disabledReason={text === content.text ? t("preview.unchanged") : undefined}
          >
            {t("preview.save")}
          </Button>
        )}
      </div>
    </>
  );
}

interface PreviewProps {
  readonly volume: string;
  readonly path: string;
  readonly entry: FileEntry;
  readonly readOnly: boolean;
  readonly onClose: () => void;
}

/** Text to read and edit, an image, or the word that it is neither. */
export function PreviewDialog({ volume, path, entry, readOnly, onClose }: PreviewProps) {
  const { t } = useTranslation("files");
  const { data, error } = useQuery({
    queryKey: ["file", volume, path],
    queryFn: () => load(volume, path),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return (
    <Dialog open onClose={onClose} title={showName(entry.name)} wide>
      {error && (
        <p role="alert" className="text-failed">
          {error.message}
        </p>
      )}
      {!data && !error && <Skeleton what={showName(entry.name)} />}
      {data?.kind === "image" && (
        <img src={data.url} alt={showName(entry.name)} className="max-h-96 max-w-full self-center object-contain" />
      )}
      {data?.kind === "binary" && (
        <p className="text-muted">{t("preview.binary", { size: formatBytes(data.sizeBytes) })}</p>
      )}
      {data?.kind === "text" && (
        <TextEditor place={{ volume, path }} content={data} readOnly={readOnly} onClose={onClose} />
      )}
    </Dialog>
  );
}

import { useQuery } from "@tanstack/react-query";
import { ArrowUp } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ImageDetails, toAppError } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { ErrorState } from "../../../components/ui/error-state.tsx";
import { Mono } from "../../../components/ui/mono.tsx";
import { ProgressBar } from "../../../components/ui/progress-bar.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { client } from "../../../lib/client.ts";
import { formatBytes } from "../../../lib/format.ts";
import { FileTable } from "./file-table.tsx";
import { shortCommand } from "./layer-words.ts";
import { useReadFiles } from "./use-files.ts";
import { useImage } from "./use-image.ts";

interface BrowserProps {
  readonly details: ImageDetails;
  readonly layerCount: number;
  readonly truncated: boolean;
}

const merged = "merged";

function parentOf(path: string): string {
  return path.replace(/\/[^/]*$/, "") || "/";
}

function useLayerOptions(details: ImageDetails, count: number) {
  const { t } = useTranslation("images");
  const layers = details.layers.filter(({ diffId }) => diffId !== undefined);
  const one = Array.from({ length: count }, (_, index) => {
    const command = shortCommand(layers[index]?.command ?? "") || (layers[index]?.comment ?? "");
    return { value: String(index), label: t("files.one", { number: index + 1, command: command.slice(0, 60) }) };
  });
  return [{ value: merged, label: t("files.merged") }, ...one];
}

function FileBrowser({ details, layerCount, truncated }: BrowserProps) {
  const { t } = useTranslation(["images", "common"]);
  const [layer, setLayer] = useState(merged);
  const [path, setPath] = useState("/");
  const options = useLayerOptions(details, layerCount);
  const { id } = details;
  const { data, error } = useQuery({
    queryKey: ["images", "files", id, layer, path],
    queryFn: ({ signal }) =>
      client.images.listFiles({ id, path, ...(layer === merged ? {} : { layer: Number(layer) }) }, { signal }),
    placeholderData: (before) => before,
    retry: false,
  });
  const isRoot = path === "/";
  return (
    <div className="flex h-full flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <Select
          label={t("images:files.layer")}
          value={layer}
          options={options}
          onChange={(next) => {
            setLayer(next);
            setPath("/");
          }}
          className="w-80 max-w-full"
        />
        <Button
          icon={ArrowUp}
          disabledReason={isRoot ? t("common:noParent") : undefined}
          onClick={() => setPath(parentOf(path))}
        >
          {t("images:files.up")}
        </Button>
        <Mono text={path} />
        {truncated && <span className="text-paused">{t("images:files.truncated")}</span>}
      </div>
      {error && (
        <p role="alert" className="px-4 py-2 text-failed">
          {toAppError(error).message}
        </p>
      )}
      {data && !error && (
        <FileTable
          key={`${layer} ${path}`}
          label={path}
          entries={data.entries}
          onOpen={(next) => setPath(next.startsWith("/") ? next : `${isRoot ? "" : path}/${next}`)}
        />
      )}
    </div>
  );
}

/** The files of an image, as a container would see them or layer by layer, without running it. */
export function ImageFiles() {
  const { t } = useTranslation("images");
  const { details } = useImage();
  const { state, retry } = useReadFiles(details?.id ?? "");
  if (!details) return null;
  if (state.status === "failed") {
    return <ErrorState title={t("files.failed")} message={state.error.message} onRetry={retry} />;
  }
  if (state.status === "ready") {
    return <FileBrowser details={details} layerCount={state.layers.length} truncated={state.truncated} />;
  }
  const { readBytes, sizeBytes } = state;
  return (
    <div role="status" className="flex flex-col gap-2 px-4 py-4">
      <p className="text-muted">
        {t("files.reading", { done: formatBytes(readBytes), total: formatBytes(sizeBytes) })}
      </p>
      <ProgressBar
        label={t("files.readingLabel")}
        value={sizeBytes > 0 ? readBytes / sizeBytes : undefined}
        className="max-w-80"
      />
    </div>
  );
}

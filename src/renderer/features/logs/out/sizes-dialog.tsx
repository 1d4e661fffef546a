import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { LogSize } from "#contract";
import { CommandLine } from "../../../components/ui/command-line.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { Skeleton } from "../../../components/ui/skeleton.tsx";
import { client } from "../../../lib/client.ts";
import { formatBytes } from "../../../lib/format.ts";

/** Read when asked for: each container costs the engine an inspection. */
export function useLogSizes(enabled: boolean) {
  return useQuery({
    queryKey: ["log-sizes"],
    queryFn: ({ signal }) => client.logs.sizes({}, { signal }),
    enabled,
    gcTime: 0,
  });
}

function SizeRow({ entry }: { readonly entry: LogSize }) {
  const { t } = useTranslation("logs");
  const { rotation } = entry;
  return (
    <tr className="border-t border-line">
      <th scope="row" data-tip-cut="" className="max-w-40 truncate py-1 pr-3 text-left font-normal">
        {entry.name}
      </th>
      <td className="py-1 pr-3 text-muted">{entry.driver}</td>
      <td className="py-1 pr-3 text-right whitespace-nowrap">
        {entry.sizeBytes === undefined ? (
          <span className="text-muted">{t("sizes.unseen")}</span>
        ) : (
          formatBytes(entry.sizeBytes)
        )}
      </td>
      <td className="py-1">
        {rotation ? (
          <span className="text-muted">{t("sizes.rotates", { files: rotation.maxFiles, size: rotation.maxSize })}</span>
        ) : entry.warning ? (
          <span data-tip={entry.warning} className="inline-flex items-center gap-1.5 text-paused">
            <TriangleAlert size={13} aria-hidden className="shrink-0" />
            {t("sizes.endless")}
          </span>
        ) : (
          <span className="text-muted">–</span>
        )}
      </td>
    </tr>
  );
}

/** What the engine keeps of each container's output, with a warning where it grows without end. */
export function SizesDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation("logs");
  const { data, error } = useLogSizes(true);
  const entries = data?.entries;
  return (
    <Dialog open onClose={onClose} title={t("sizes.title")} wide>
      <p className="text-muted">{t("sizes.body")}</p>
      {error && (
        <p role="alert" className="text-failed">
          {error.message}
        </p>
      )}
      {!entries && !error && <Skeleton what={t("sizes.title")} />}
      {entries?.length === 0 && <p>{t("sizes.empty")}</p>}
      {entries && entries.length > 0 && (
        <div className="max-h-[50vh] overflow-y-auto" tabIndex={0} role="region" aria-label={t("sizes.title")}>
          <table className="w-full">
            <thead className="sticky top-0 bg-raised text-left text-sm text-muted">
              <tr>
                <th className="py-1 pr-3 font-normal">{t("sizes.container")}</th>
                <th className="py-1 pr-3 font-normal">{t("sizes.driver")}</th>
                <th className="py-1 pr-3 text-right font-normal">{t("sizes.size")}</th>
                <th className="py-1 font-normal">{t("sizes.rotation")}</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <SizeRow key={entry.containerId} entry={entry} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {entries?.some(({ warning }) => warning !== undefined) && (
        <div className="flex flex-col gap-1.5">
          <p className="text-muted">{t("sizes.advice")}</p>
          <CommandLine command="--log-opt max-size=10m --log-opt max-file=3" />
        </div>
      )}
    </Dialog>
  );
}

import { useTranslation } from "react-i18next";
import { Section } from "../../../components/details/parts.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { Mono } from "../../../components/ui/mono.tsx";
import { formatBytes } from "../../../lib/format.ts";
import { shortCommand } from "./layer-words.ts";
import { useImage } from "./use-image.ts";

/** The steps of an image, the newest first, with a bar by size. */
export function ImageLayers() {
  const { t } = useTranslation("images");
  const { details } = useImage();
  if (!details) return null;
  const largest = Math.max(1, ...details.layers.map(({ sizeBytes }) => sizeBytes));
  const count = details.layers.filter(({ diffId }) => diffId !== undefined).length;
  const total = details.layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const rows = details.layers.map((layer, index) => ({ layer, number: index + 1 })).toReversed();
  return (
    <section aria-label={t("tab.layers")} tabIndex={0} className="focus-inset h-full overflow-y-auto">
      <Section title={t("layers.total", { count, size: formatBytes(total) })}>
        {rows.length === 0 && <p className="text-muted">{t("layers.none")}</p>}
        <table className="w-full table-fixed border-collapse text-left">
          <thead>
            <tr className="text-sm text-muted">
              <th scope="col" className="w-12 py-1 font-normal">
                #
              </th>
              <th scope="col" className="py-1 pr-4 font-normal">
                {t("layers.command")}
              </th>
              <th scope="col" className="w-40 py-1 pr-4 font-normal">
                {t("layers.size")}
              </th>
              <th scope="col" className="hidden w-32 py-1 font-normal sm:table-cell">
                {t("layers.age")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ layer, number }) => (
              <tr key={number} className="border-t border-line align-top">
                <td className="py-1.5 text-muted">{number}</td>
                <td className="py-1.5 pr-4">
                  <Mono wrap text={shortCommand(layer.command) || layer.comment || "—"} />
                </td>
                <td className="py-1.5 pr-4">
                  {layer.diffId === undefined ? (
                    <span className="text-muted">{t("layers.empty")}</span>
                  ) : (
                    <span className="flex items-center gap-2">
                      <span className="w-18 shrink-0 text-right">{formatBytes(layer.sizeBytes)}</span>
                      <span aria-hidden="true" className="h-1.5 grow overflow-hidden rounded-full bg-active">
                        <span
                          className="block h-full rounded-full bg-accent"
                          style={{ width: `${Math.round((layer.sizeBytes / largest) * 100)}%` }}
                        />
                      </span>
                    </span>
                  )}
                </td>
                <td className="hidden py-1.5 sm:table-cell">
                  <AgoCell timeMs={layer.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    </section>
  );
}

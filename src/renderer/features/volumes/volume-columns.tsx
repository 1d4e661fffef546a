import { ShieldCheck } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { AgoCell, NameLink, TextCell } from "../../components/table/cells.tsx";
import type { DataColumn } from "../../components/table/column.ts";
import { Badge } from "../../components/ui/badge.tsx";
import { useNow } from "../../hooks/use-now.ts";
import { formatAgo, formatBytes, shortId } from "../../lib/format.ts";
import { measure } from "./volume-actions.ts";
import type { VolumeRow } from "./volume-rows.ts";

function NameCell({ volume: { name, anonymous }, isProtected }: VolumeRow) {
  const { t } = useTranslation(["volumes", "common"]);
  return (
    <span className="flex items-center gap-1.5">
      <span className="min-w-0">
        <NameLink to="/volumes/$name/files" params={{ name }} text={anonymous ? shortId(name) : name} />
      </span>
      {anonymous && <Badge tip={name}>{t("anonymous")}</Badge>}
      {isProtected && (
        <span role="img" aria-label={t("protected")} data-tip={t("protected")} className="text-muted">
          <ShieldCheck size={14} aria-hidden />
        </span>
      )}
    </span>
  );
}

/** The size as last measured, with its age; a button measures where none is known. */
function SizeCell({ volume: { name }, size }: VolumeRow) {
  const { t } = useTranslation(["volumes", "common"]);
  const now = useNow();
  if (size) {
    const when = formatAgo(size.measuredAt, Math.max(now, size.measuredAt));
    return <span data-tip={t("measured", { when })}>{formatBytes(size.sizeBytes)}</span>;
  }
  return (
    <button
      type="button"
      tabIndex={-1}
      data-row-control=""
      aria-label={`${t("verb.measure")} ${name}`}
      onClick={() => measure([name])}
      className="hit rounded-sm text-muted underline decoration-dotted hover:text-ink"
    >
      {t("verb.measure")}
    </button>
  );
}

export function useVolumeColumns(): readonly DataColumn<VolumeRow>[] {
  const { t } = useTranslation(["volumes", "common"]);
  return useMemo(
    () => [
      {
        id: "name",
        header: t("common:name"),
        width: "minmax(140px, 3fr)",
        fixed: true,
        sortBy: ({ volume }) => volume.name,
        cell: (row) => <NameCell {...row} />,
      },
      {
        id: "usedBy",
        header: t("volumes:column.usedBy"),
        width: "minmax(100px, 2fr)",
        sortBy: ({ volume }) => volume.usedBy.length,
        cell: ({ volume: { usedBy } }) => (
          <TextCell
            muted={usedBy.length === 0}
            text={usedBy.map(({ name, destination }) => `${name}: ${destination}`).join(", ") || t("volumes:unused")}
          />
        ),
      },
      {
        id: "size",
        header: t("volumes:column.size"),
        width: "100px",
        align: "end",
        sortBy: ({ size }) => size?.sizeBytes,
        cell: (row) => <SizeCell {...row} />,
      },
      {
        id: "driver",
        header: t("volumes:column.driver"),
        width: "90px",
        from: 800,
        sortBy: ({ volume }) => volume.driver,
        cell: ({ volume }) => <TextCell text={volume.driver} />,
      },
      {
        id: "created",
        header: t("common:created"),
        width: "130px",
        from: 560,
        sortBy: ({ volume }) => volume.createdAt,
        cell: ({ volume }) => <AgoCell timeMs={volume.createdAt} />,
      },
      {
        id: "mountpoint",
        header: t("volumes:column.mountpoint"),
        width: "minmax(160px, 3fr)",
        hidden: true,
        cell: ({ volume }) => <TextCell mono muted text={volume.mountpoint} />,
      },
      {
        id: "labels",
        header: t("volumes:column.labels"),
        width: "minmax(120px, 2fr)",
        hidden: true,
        cell: ({ volume: { labels } }) => (
          <TextCell
            muted
            text={Object.entries(labels)
              .map(([key, value]) => `${key}=${value}`)
              .join(", ")}
          />
        ),
      },
    ],
    [t],
  );
}

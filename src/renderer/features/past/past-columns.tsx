import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { PastLog } from "#contract";
import { AgoCell } from "../../components/table/cells.tsx";
import type { DataColumn } from "../../components/table/column.ts";
import { Badge } from "../../components/ui/badge.tsx";
import { formatBytes, formatNumber } from "../../lib/format.ts";

export const linesOf = ({ generations }: PastLog): number => generations.reduce((sum, { lines }) => sum + lines, 0);

const firstAt = ({ generations }: PastLog): number | undefined => generations[0]?.firstAt;

function lastAt({ generations }: PastLog): number {
  return Math.max(0, ...generations.map((generation) => generation.lastAt));
}

function NameCell({ log }: { readonly log: PastLog }) {
  const { t } = useTranslation("past");
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <Link
        to="/logs"
        search={{ past: [log.name] }}
        data-tip-cut=""
        tabIndex={-1}
        className="focus-inset truncate rounded-sm font-medium text-ink hover:text-link hover:underline"
      >
        {log.name}
      </Link>
      {log.present && <Badge tip={t("presentTip")}>{t("present")}</Badge>}
    </span>
  );
}

export function usePastColumns(): readonly DataColumn<PastLog>[] {
  const { t } = useTranslation("past");
  return useMemo(
    () => [
      {
        id: "name",
        header: t("column.name"),
        width: "minmax(180px, 3fr)",
        fixed: true,
        sortBy: ({ name }) => name,
        cell: (log) => <NameCell log={log} />,
      },
      {
        id: "containers",
        header: t("column.containers"),
        width: "116px",
        align: "end",
        from: 560,
        sortBy: ({ generations }) => generations.length,
        cell: ({ generations }) => formatNumber(generations.length),
      },
      {
        id: "lines",
        header: t("column.lines"),
        width: "104px",
        align: "end",
        from: 480,
        sortBy: linesOf,
        cell: (log) => formatNumber(linesOf(log)),
      },
      {
        id: "size",
        header: t("column.size"),
        width: "96px",
        align: "end",
        sortBy: ({ sizeBytes }) => sizeBytes,
        cell: ({ sizeBytes }) => formatBytes(sizeBytes),
      },
      {
        id: "first",
        header: t("column.first"),
        width: "124px",
        from: 700,
        sortBy: firstAt,
        cell: (log) => <AgoCell timeMs={firstAt(log)} />,
      },
      {
        id: "last",
        header: t("column.last"),
        width: "124px",
        sortBy: lastAt,
        cell: (log) => <AgoCell timeMs={lastAt(log)} />,
      },
    ],
    [t],
  );
}

import { useNavigate } from "@tanstack/react-router";
import i18next from "i18next";
import { type LucideIcon, Play, RotateCw, ScrollText, Square } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ContainerSummary } from "#contract";
import type { RowGroup } from "../../components/table/entries.ts";
import type { GroupView } from "../../components/table/group-row.tsx";
import type { RowAction } from "../../components/table/table-row.tsx";
import { type Readiness, useReadiness } from "../../hooks/use-engine.ts";
import { runOnAll, whyNotAny } from "./bulk-actions.ts";
import { toTarget } from "./container-actions.ts";
import { composeProject } from "./container-view.ts";

const verbs: readonly ["start" | "stop" | "restart", LucideIcon][] = [
  ["start", Play],
  ["stop", Square],
  ["restart", RotateCw],
];

interface GroupFacts {
  readonly readiness: Readiness;
  readonly openLogs: (project: string) => void;
}

function groupActions({ name, rows }: RowGroup<ContainerSummary>, facts: GroupFacts): readonly RowAction[] {
  const { readiness, openLogs } = facts;
  const targets = rows.map(toTarget);
  const label = i18next.t("containers:group.logs", { name });
  const logs: RowAction = { id: "logs", label, icon: ScrollText, run: () => openLogs(name) };
  const plain = verbs.map(([verb, icon]) => ({
    id: verb,
    label: i18next.t(`containers:group.${verb}`, { name }),
    icon,
    disabledReason: whyNotAny(verb, targets, readiness),
    run: () => runOnAll(verb, targets),
  }));
  return [logs, ...plain];
}

/** Containers of one compose project stand together, with what can be done to all of them. */
export function useProjectGroups(): GroupView<ContainerSummary> {
  const { t } = useTranslation("containers");
  const readiness = useReadiness();
  const navigate = useNavigate();
  return useMemo(
    () => ({
      of: composeProject,
      summary: ({ rows }) =>
        t("group.summary", { running: rows.filter(({ state }) => state === "running").length, count: rows.length }),
      actionsOf: (group) => {
        // The screen of logs reads its own search; containers know only its name.
        const openLogs = (project: string): void => void navigate({ to: "/logs", search: { project } });
        return groupActions(group, { readiness, openLogs });
      },
    }),
    [t, readiness, navigate],
  );
}

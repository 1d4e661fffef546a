import i18next from "i18next";
import { type LucideIcon, Pause, Play, RotateCw, ScrollText, Square, Trash2 } from "lucide-react";
import { runBulk } from "../../components/table/run-bulk.ts";
import type { RowAction } from "../../components/table/table-row.tsx";
import type { Readiness } from "../../hooks/use-engine.ts";
import { actInBulk, ask, type PlainVerb, runPlain, type Target, whyNot } from "./container-actions.ts";

const verbs: readonly [PlainVerb, LucideIcon][] = [
  ["start", Play],
  ["stop", Square],
  ["restart", RotateCw],
  ["pause", Pause],
];

/** Does a verb to those of the targets that it makes sense for. */
export function runOnAll(verb: PlainVerb, targets: readonly Target[]): void {
  void runBulk({
    verb: i18next.t(`containers:verb.${verb}`),
    items: targets.filter(({ state }) => whyNot(verb, state) === undefined),
    nameOf: ({ name }) => name,
    run: (target) => actInBulk(verb, target, () => runPlain(verb, target)),
  });
}

/** Why a verb cannot be done to any of the targets. */
export function whyNotAny(verb: PlainVerb, targets: readonly Target[], readiness: Readiness): string | undefined {
  if (!readiness.ready) return readiness.reason;
  // One that it can be done to is enough, and a project may have hundreds.
  if (targets.some(({ state }) => whyNot(verb, state) === undefined)) return undefined;
  return targets[0] && whyNot(verb, targets[0].state);
}

interface BulkFacts {
  readonly readiness: Readiness;
  /** Shows the logs of containers, by name, on one timeline. */
  readonly openLogs: (names: readonly string[]) => void;
}

/** What can be done with the selected containers. */
export function bulkActions(targets: readonly Target[], { readiness, openLogs }: BulkFacts): readonly RowAction[] {
  const logs: RowAction = {
    id: "logs",
    label: i18next.t("containers:verb.logs"),
    icon: ScrollText,
    run: () => openLogs(targets.map(({ name }) => name)),
  };
  const plain = verbs.map(
    ([verb, icon]): RowAction => ({
      id: verb,
      label: i18next.t(`containers:verb.${verb}`),
      icon,
      disabledReason: whyNotAny(verb, targets, readiness),
      run: () => runOnAll(verb, targets),
    }),
  );
  const remove: RowAction = {
    id: "remove",
    label: i18next.t("containers:verb.remove"),
    icon: Trash2,
    danger: true,
    disabledReason: readiness.reason,
    run: () => ask({ verb: "remove", targets }),
  };
  return [logs, ...plain, remove];
}

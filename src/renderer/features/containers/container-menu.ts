import i18next from "i18next";
import { Copy, FileText, type LucideIcon, OctagonX, Pause, Pencil, Play, RotateCw, Square, Trash2 } from "lucide-react";
import type { RowAction } from "../../components/table/table-row.tsx";
import type { Readiness } from "../../hooks/use-engine.ts";
import { copyAndTell } from "../../lib/clipboard.ts";
import { act, ask, type PlainVerb, plainVerbs, type Target, type Verb, whyNot } from "./container-actions.ts";

const icons: Readonly<Record<Verb, LucideIcon>> = {
  start: Play,
  stop: Square,
  restart: RotateCw,
  pause: Pause,
  unpause: Play,
  kill: OctagonX,
  rename: Pencil,
  remove: Trash2,
};

function isPlain(verb: Verb): verb is PlainVerb {
  return plainVerbs.some((plain) => plain === verb);
}

function runOn(verb: Verb, target: Target): void {
  if (isPlain(verb)) act(verb, target);
  else if (verb === "remove") ask({ verb, targets: [target] });
  else ask({ verb, target });
}

interface MenuFacts {
  readonly readiness: Readiness;
  /** The verb that is under way for it. */
  readonly pending: string | undefined;
}

/** Why nothing can be done with a container just now. */
function blocked({ readiness, pending }: MenuFacts): string | undefined {
  return readiness.reason ?? (pending ? i18next.t("containers:cannot.busy") : undefined);
}

export function verbAction(verb: Verb, target: Target, facts: MenuFacts): RowAction {
  const label = i18next.t(`containers:verb.${verb}`);
  return {
    id: verb,
    label,
    name: i18next.t("containers:action", { verb: label, name: target.name }),
    icon: icons[verb],
    disabledReason: blocked(facts) ?? whyNot(verb, target.state),
    danger: verb === "remove",
    run: () => runOn(verb, target),
  };
}

/** The verbs that make sense in a state; the menu and the header show the same. */
export function verbsFor({ state }: Target): readonly Verb[] {
  if (state === "paused") return ["unpause", "stop", "restart", "kill", "rename", "remove"];
  if (state === "running" || state === "restarting") return ["stop", "restart", "pause", "kill", "rename", "remove"];
  return ["start", "restart", "rename", "remove"];
}

const inlineVerbs: ReadonlySet<Verb> = new Set(["start", "stop", "restart", "remove"]);

interface RowMenuOptions extends MenuFacts {
  readonly target: Target;
  readonly image: string;
  readonly openTab: (id: string, tab: "logs" | "inspect") => void;
}

/** The menu of a row; its first few are also buttons of the row. */
export function containerMenu({ target, image, openTab, ...facts }: RowMenuOptions): readonly RowAction[] {
  const { name, id } = target;
  const verbs = verbsFor(target).map(
    (verb): RowAction => ({
      ...verbAction(verb, target, facts),
      inline: inlineVerbs.has(verb),
      inlineWhenWide: true,
      startsGroup: verb === "rename",
    }),
  );
  const logs = i18next.t("containers:verb.logs");
  const copy = (part: "copyName" | "copyId" | "copyImage", text: string): RowAction => ({
    id: part,
    label: i18next.t(`containers:verb.${part}`),
    icon: Copy,
    startsGroup: part === "copyName",
    run: () => void copyAndTell(text),
  });
  return [
    ...verbs,
    {
      id: "logs",
      label: logs,
      name: i18next.t("containers:action", { verb: logs, name }),
      icon: FileText,
      startsGroup: true,
      run: () => openTab(id, "logs"),
    },
    copy("copyName", name),
    copy("copyId", id),
    copy("copyImage", image),
  ];
}

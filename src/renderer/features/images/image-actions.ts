import i18next from "i18next";
import { Copy, Download, Eye, FolderDown, type LucideIcon, Play, Tag, Trash2, Upload } from "lucide-react";
import { create } from "zustand";
import type { RowAction } from "../../components/table/table-row.tsx";
import type { Readiness } from "../../hooks/use-engine.ts";
import { client } from "../../lib/client.ts";
import { copyAndTell } from "../../lib/clipboard.ts";
import { notify, reportError } from "../../lib/notify.ts";

/** An image as its actions need it. */
export interface Target {
  readonly id: string;
  /** The reference that was meant; absent for an image without a tag. */
  readonly reference: string | undefined;
  readonly tags: readonly string[];
  /** For titles: the reference or the short id. */
  readonly name: string;
}

/** The question that stands before an action; one at a time. */
type Question =
  | { readonly verb: "pull"; readonly reference?: string }
  | { readonly verb: "load" | "import" | "prune" }
  | { readonly verb: "run" | "tag" | "push"; readonly target: Target }
  | { readonly verb: "remove" | "save"; readonly targets: readonly Target[] };

interface Questions {
  readonly open: Question | undefined;
}

export const useQuestion = create<Questions>(() => ({ open: undefined }));

export function ask(question: Question | undefined): void {
  useQuestion.setState({ open: question });
}

/** Under this name the pending state of an image is kept. */
export const objectOf = (id: string): string => `image:${id}`;

/** Starts a task and says so; its progress is in the task list. */
export function startTask(call: Promise<unknown>, started: string): void {
  call.then(() => notify({ title: started })).catch((error: unknown) => reportError(error));
}

type Verb = "run" | "tag" | "push" | "save" | "remove" | "pullAgain";

const icons: Readonly<Record<Verb, LucideIcon>> = {
  run: Play,
  tag: Tag,
  push: Upload,
  save: FolderDown,
  remove: Trash2,
  pullAgain: Download,
};

const inline: ReadonlySet<Verb> = new Set(["run", "push", "remove"]);

function runVerb(verb: Verb, target: Target): void {
  if (verb === "remove" || verb === "save") ask({ verb, targets: [target] });
  else if (verb !== "pullAgain") ask({ verb, target });
  else if (target.reference !== undefined) {
    const { reference } = target;
    startTask(client.images.pull({ reference }), i18next.t("images:pullDialog.started", { name: reference }));
  }
}

function verbAction(verb: Verb, target: Target, readiness: Readiness): RowAction {
  const label = i18next.t(`images:verb.${verb}`);
  const needsName = verb === "push" || verb === "pullAgain";
  const noName = needsName && target.reference === undefined ? i18next.t("images:noReference") : undefined;
  return {
    id: verb,
    label,
    name: i18next.t("images:action", { verb: label, name: target.name }),
    icon: icons[verb],
    inline: inline.has(verb),
    danger: verb === "remove",
    disabledReason: readiness.reason ?? noName,
    run: () => runVerb(verb, target),
  };
}

const verbs: readonly Verb[] = ["run", "push", "tag", "pullAgain", "save", "remove"];

/** Those of its actions that are buttons in its row. */
export function imageButtons(target: Target, readiness: Readiness): readonly RowAction[] {
  return verbs.filter((verb) => inline.has(verb)).map((verb) => verbAction(verb, target, readiness));
}

/** What can be done with an image; the row's menu and the page's header show the same. */
export function imageMenu(target: Target, readiness: Readiness, onOpen?: () => void): readonly RowAction[] {
  const copy = (part: "copyReference" | "copyId", text: string): RowAction => ({
    id: part,
    label: i18next.t(`images:verb.${part}`),
    name: i18next.t("images:action", { verb: i18next.t(`images:verb.${part}`), name: target.name }),
    icon: Copy,
    startsGroup: part === "copyReference",
    run: () => void copyAndTell(text),
  });
  const openLabel = i18next.t("images:verb.open");
  const open: RowAction[] = onOpen
    ? [
        {
          id: "open",
          label: openLabel,
          name: i18next.t("images:action", { verb: openLabel, name: target.name }),
          icon: Eye,
          run: onOpen,
        },
      ]
    : [];
  return [
    ...verbs.map((verb) => verbAction(verb, target, readiness)),
    ...(target.reference === undefined ? [] : [copy("copyReference", target.reference)]),
    copy("copyId", target.id),
    ...open,
  ];
}

/** What can be done with a selection. */
export function bulkMenu(targets: readonly Target[], readiness: Readiness): readonly RowAction[] {
  const disabledReason = readiness.reason;
  return (["save", "remove"] as const).map((verb) => ({
    id: verb,
    label: i18next.t(`images:verb.${verb}`),
    icon: icons[verb],
    danger: verb === "remove",
    disabledReason,
    run: () => ask({ verb, targets }),
  }));
}

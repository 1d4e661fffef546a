import i18next from "i18next";
import { create } from "zustand";
import type { ContainerState, ContainerSummary } from "#contract";
import { client } from "../../lib/client.ts";
import { perform, performAndTell } from "../../lib/pending.ts";

/** What an action needs to know of its container. */
export interface Target {
  readonly id: string;
  readonly name: string;
  readonly state: ContainerState;
}

/** Done at once, without a question. */
export const plainVerbs = ["start", "stop", "restart", "pause", "unpause"] as const;
export type PlainVerb = (typeof plainVerbs)[number];
/** Asked about in a dialog first. */
export type AskedVerb = "kill" | "rename" | "remove";
export type Verb = PlainVerb | AskedVerb;

/** Under this name the pending state of a container is kept. */
export const objectOf = (id: string): string => `container:${id}`;

export function runPlain(verb: PlainVerb, { id }: Pick<Target, "id">): Promise<unknown> {
  return client.containers[verb]({ id });
}

export function act(verb: PlainVerb, target: Target): void {
  performAndTell({
    object: objectOf(target.id),
    verb,
    run: () => runPlain(verb, target),
    failed: i18next.t(`containers:failed.${verb}`, { name: target.name }),
  });
}

/** As one of many: shows its pending state, and throws for the list of results. */
export async function actInBulk(verb: Verb, { id }: Target, run: () => Promise<unknown>): Promise<void> {
  const done = await perform({ object: objectOf(id), verb, run });
  if (!done) throw new Error(i18next.t("containers:cannot.busy"));
}

/** Why an action cannot be done in a state; undefined where it can. The engine would refuse these too. */
export function whyNot(verb: Verb, state: ContainerState): string | undefined {
  const isRunning = state === "running" || state === "restarting";
  switch (verb) {
    case "start":
      if (state === "paused") return i18next.t("containers:cannot.paused");
      if (!isRunning && state !== "removing") return undefined;
      return i18next.t("containers:cannot.start", { state: i18next.t(`containers:state.${state}`).toLowerCase() });
    case "stop":
    case "kill":
      return isRunning || state === "paused" ? undefined : i18next.t("containers:cannot.notRunning");
    case "pause":
      return state === "running" ? undefined : i18next.t("containers:cannot.notRunning");
    case "unpause":
      return state === "paused" ? undefined : i18next.t("containers:cannot.notPaused");
    case "restart":
    case "rename":
    case "remove":
      return undefined;
  }
}

/** The question that stands before an action; one at a time. */
export type Question =
  | { readonly verb: "remove"; readonly targets: readonly Target[] }
  | { readonly verb: "kill" | "rename"; readonly target: Target }
  | { readonly verb: "create" };

interface Questions {
  readonly open: Question | undefined;
}

export const useQuestion = create<Questions>(() => ({ open: undefined }));

export function ask(question: Question | undefined): void {
  useQuestion.setState({ open: question });
}

export function toTarget({ id, name, state }: ContainerSummary): Target {
  return { id, name, state };
}

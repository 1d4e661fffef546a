import { z } from "zod";
import type { VolumeSummary } from "#contract";

type Role = VolumeSummary["role"];
type Labels = Readonly<Record<string, string>>;

/** Labels of volumes that Longshore makes for itself; labels cannot be changed later, so they tell for ever. */
const prefix = "com.longshore.volume.";
const roleLabel = `${prefix}role`;

const strings = z.record(z.string(), z.string());

/** How a trash volume holds what was removed: the data itself, or only the description where data lies elsewhere. */
export type TrashForm = "data" | "reference";

/** What a trash volume has to remember. */
export interface TrashFacts {
  readonly name: string;
  readonly driver: string;
  readonly labels: Labels;
  readonly options: Labels;
  readonly removedAt: number;
  readonly why: "removed" | "replaced" | "emptied";
  readonly form: TrashForm;
}

export function trashLabels(facts: TrashFacts): Record<string, string> {
  return {
    [roleLabel]: "trash",
    [`${prefix}name`]: facts.name,
    [`${prefix}driver`]: facts.driver,
    [`${prefix}labels`]: JSON.stringify(facts.labels),
    [`${prefix}options`]: JSON.stringify(facts.options),
    [`${prefix}removed-at`]: String(facts.removedAt),
    [`${prefix}why`]: facts.why,
    [`${prefix}form`]: facts.form,
  };
}

/** What a volume was being filled for. */
export type UnfinishedPurpose = Extract<Role, { kind: "unfinished" }>["purpose"];

/** Labels of a volume that is filled and becomes something else, or is discarded. */
export function unfinishedLabels(purpose: UnfinishedPurpose, name: string): Record<string, string> {
  return { [roleLabel]: "unfinished", [`${prefix}purpose`]: purpose, [`${prefix}name`]: name };
}

export function trashFormOf(labels: Labels): TrashForm {
  return labels[`${prefix}form`] === "reference" ? "reference" : "data";
}

function parsedStrings(text: string | undefined): Record<string, string> {
  try {
    const parsed = strings.safeParse(JSON.parse(text ?? "{}"));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

/** What a volume is for, by its labels; labels that make no sense make it an ordinary one. */
export function roleOf(labels: Labels): Role {
  const name = labels[`${prefix}name`];
  if (name === undefined) return { kind: "own" };
  if (labels[roleLabel] === "unfinished") {
    const purpose = labels[`${prefix}purpose`];
    return { kind: "unfinished", purpose: purpose === "clone" || purpose === "empty" ? purpose : "import", name };
  }
  const removedAt = Number(labels[`${prefix}removed-at`]);
  if (labels[roleLabel] !== "trash" || !Number.isFinite(removedAt)) return { kind: "own" };
  const why = labels[`${prefix}why`];
  return {
    kind: "trash",
    name,
    driver: labels[`${prefix}driver`] ?? "local",
    labels: parsedStrings(labels[`${prefix}labels`]),
    options: parsedStrings(labels[`${prefix}options`]),
    removedAt,
    why: why === "replaced" || why === "emptied" ? why : "removed",
  };
}

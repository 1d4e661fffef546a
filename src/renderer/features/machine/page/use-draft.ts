import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MachineSettings, MachineUsage } from "#contract";
import { formatGibibytes } from "../../../lib/format.ts";
import { type Draft, type DraftErrors, type DraftProblem, findErrors, toDraft, toSettings } from "./draft.ts";

export interface DraftForm {
  readonly draft: Draft;
  readonly errors: DraftErrors;
  readonly changed: boolean;
  /** What would be applied; undefined while something is wrong. */
  readonly settings: MachineSettings | undefined;
  readonly set: (changes: Partial<Draft>) => void;
  readonly discard: () => void;
}

/** What was typed over the settings that hold; what was not touched follows them. */
export function useDraft(settings: MachineSettings, host: MachineUsage["host"] | undefined): DraftForm {
  const [typed, setTyped] = useState<Partial<Draft>>({});
  return useMemo(() => {
    const before = toDraft(settings);
    const draft = { ...before, ...typed };
    const errors = findErrors(draft, host);
    return {
      draft,
      errors,
      changed: JSON.stringify(draft) !== JSON.stringify(before),
      settings: Object.keys(errors).length === 0 ? toSettings(draft, settings) : undefined,
      set: (changes) => setTyped((now) => ({ ...now, ...changes })),
      discard: () => setTyped({}),
    };
  }, [settings, host, typed]);
}

/** The words for a problem; the host's limits stand in them. */
export function useProblem(host?: MachineUsage["host"]): (problem: DraftProblem | undefined) => string | undefined {
  const { t } = useTranslation("machine");
  return (problem) =>
    problem &&
    t(`wrong.${problem}`, { cpus: host?.cpus ?? 256, memory: formatGibibytes(host?.memoryBytes ?? 2 ** 50) });
}

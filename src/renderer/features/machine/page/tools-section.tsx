import { useTranslation } from "react-i18next";
import type { MachineView } from "#contract";
import { CommandLine } from "../../../components/ui/command-line.tsx";
import { Switch } from "../../../components/ui/switch.tsx";
import { Group } from "./parts.tsx";
import type { DraftForm } from "./use-draft.ts";

/** How the docker CLI and other tools reach this engine. */
export function ToolsSection({ form, view }: { readonly form: DraftForm; readonly view: MachineView }) {
  const { t } = useTranslation("machine");
  return (
    <Group title={t("tools.title")} hint={t("tools.hint")}>
      <CommandLine command={view.exportLine} />
      <Switch
        label={t("tools.context")}
        hint={t("tools.contextHint")}
        checked={form.draft.dockerContext}
        onChange={(dockerContext) => form.set({ dockerContext })}
      />
      {form.draft.dockerContext && <CommandLine command="docker --context longshore ps" />}
    </Group>
  );
}

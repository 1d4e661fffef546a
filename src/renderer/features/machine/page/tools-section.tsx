import { Terminal } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { MachineView } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { CommandLine } from "../../../components/ui/command-line.tsx";
import { Switch } from "../../../components/ui/switch.tsx";
import { openTerminal } from "../machine-actions.ts";
import { ActionRow, Group } from "./parts.tsx";
import type { DraftForm } from "./use-draft.ts";

/** How the docker CLI and other tools reach this engine. */
export function ToolsSection({ form, view }: { readonly form: DraftForm; readonly view: MachineView }) {
  const { t } = useTranslation("machine");
  return (
    <Group title={t("tools.title")} hint={t("tools.hint")}>
      <CommandLine command={view.exportLine} />
      {view.canOpenTerminal && (
        <ActionRow title={t("tools.terminal")} hint={t("tools.terminalHint")}>
          <Button icon={Terminal} aria-label={t("tools.terminal")} onClick={openTerminal}>
            {t("tools.terminalVerb")}
          </Button>
        </ActionRow>
      )}
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

import { useTranslation } from "react-i18next";
import type { MachineView } from "#contract";
import { SettingsNav } from "../../../components/screen/settings-nav.tsx";
import { EmptyState } from "../../../components/ui/empty-state.tsx";
import { Skeleton } from "../../../components/ui/skeleton.tsx";
import { useEngine } from "../../../hooks/use-engine.ts";
import { useLiveValue } from "../../../hooks/use-live.ts";
import { useEngineChoice, useMachine } from "../../../hooks/use-machine.ts";
import { useTitle } from "../../../hooks/use-title.ts";
import { machineUsageSource } from "../../../lib/sources.ts";
import { ApplyBar } from "./apply-bar.tsx";
import { DataSection } from "./data-section.tsx";
import { DisksSection } from "./disks-section.tsx";
import { ForwardsSection } from "./forwards-section.tsx";
import { NetworkSection } from "./network-section.tsx";
import { NowSection } from "./now-section.tsx";
import { ResourcesSection } from "./resources-section.tsx";
import { ToolsSection } from "./tools-section.tsx";
import { useDraft } from "./use-draft.ts";

function Sections({ view }: { readonly view: MachineView }) {
  const usage = useLiveValue(machineUsageSource);
  const form = useDraft(view.settings, usage?.host);
  return (
    <>
      <div className="min-h-0 grow overflow-y-auto px-4">
        <div className="max-w-180">
          <NowSection view={view} usage={usage} />
          <ResourcesSection form={form} view={view} usage={usage} />
          <NetworkSection form={form} />
          <ForwardsSection state={view.state} />
          <ToolsSection form={form} view={view} />
          <DataSection view={view} />
          <DisksSection view={view} />
        </div>
      </div>
      {form.changed && <ApplyBar form={form} view={view} />}
    </>
  );
}

/** Everything about the machine: what it takes, what it may take, its ways in and out, and its data. */
export function MachinePage() {
  const { t } = useTranslation(["machine", "settings"]);
  const view = useMachine();
  const engine = useEngine();
  const isChosen = useEngineChoice().value === "vm";
  useTitle(t("machine:settings"));
  // A machine that cannot be driven here says why where the engine does.
  const why = isChosen && engine.status === "disconnected" ? engine.why : undefined;
  return (
    <section aria-label={t("machine:settings")} className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-4 py-2">
        <h1 className="text-lg font-medium">{t("settings:title")}</h1>
        <SettingsNav current="machine" />
      </header>
      {view ? (
        <Sections view={view} />
      ) : why ? (
        <EmptyState title={t("machine:unavailable")} body={why} />
      ) : (
        <Skeleton what={t("machine:title")} />
      )}
    </section>
  );
}

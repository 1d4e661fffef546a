import type { TFunction } from "i18next";
import { TriangleAlert } from "lucide-react";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { EngineState } from "#contract";
import { TasksButton } from "../../components/tasks/tasks-button.tsx";
import { StateChip, type StateTone } from "../../components/ui/state-chip.tsx";
import { useEngine } from "../../hooks/use-engine.ts";
import { useIsMachineInUse, useMachine, useMachineInFront } from "../../hooks/use-machine.ts";
import { type LinkStatus, useLink } from "../../lib/link.ts";
import { lazyPart } from "../../lib/load-part.ts";

const MachineMenu = lazyPart(() => import("../../features/machine/machine-menu.tsx"), "MachineMenu");

const tones: Readonly<Record<EngineState["status"], StateTone>> = {
  connecting: "pending",
  connected: "running",
  degraded: "paused",
  disconnected: "failed",
  no_permission: "failed",
};

/** Where the engine is. Longshore reaches its own machine by a private socket; what other tools use is told instead. */
function useWhere(endpoint: EngineState["endpoint"]): string | undefined {
  const { t } = useTranslation("shell");
  const machine = useMachine();
  if (endpoint?.context) return t("status.context", { name: endpoint.context });
  return endpoint?.source === "machine" ? machine?.socket : endpoint?.host;
}

function stateOf(engine: EngineState, link: LinkStatus, t: TFunction<"shell">): { tone: StateTone; label: string } {
  if (link === "lost") return { tone: "waiting", label: t("status.linkLost") };
  if (link === "ended") return { tone: "failed", label: t("status.linkEnded") };
  return { tone: tones[engine.status], label: t(`status.${engine.status}`) };
}

/** The foot of the window: the engine's state in words, what it is, and where. */
export function StatusBar() {
  const { t } = useTranslation("shell");
  const engine = useEngine();
  const link = useLink(({ status }) => status);
  const isMachineInUse = useIsMachineInUse();
  const isMachineDown = useMachineInFront() !== undefined && link === "open";
  const { tone, label } = stateOf(engine, link, t);
  const { endpoint } = engine;
  const where = useWhere(endpoint);
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: at this depth a footer is the contentinfo landmark.
    <footer
      aria-label={t("status.label")}
      className="flex h-6 shrink-0 items-center gap-4 overflow-hidden border-t border-line px-3 text-sm whitespace-nowrap text-muted"
    >
      {isMachineInUse && (
        <Suspense>
          <MachineMenu />
        </Suspense>
      )}
      {!isMachineDown && (
        <span role="status" aria-live="polite" className="flex">
          <StateChip tone={tone} label={label} className="text-sm" />
        </span>
      )}
      {engine.status === "connected" && (
        <span data-tip={t("status.api", { api: engine.api, platform: engine.platform })} className="hidden sm:inline">
          {t("status.version", { version: engine.version })}
        </span>
      )}
      {endpoint && where !== undefined && !isMachineDown && (
        <span data-tip={t(`status.source.${endpoint.source}`)} className="min-w-0 truncate font-mono">
          {where}
        </span>
      )}
      {endpoint?.insecure && (
        <span data-tip={t("status.insecureTip")} className="flex items-center gap-1 text-paused">
          <TriangleAlert size={12} aria-hidden />
          {t("status.insecure")}
        </span>
      )}
      <span className="ml-auto flex shrink-0">
        <TasksButton />
      </span>
    </footer>
  );
}

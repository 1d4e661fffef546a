import { useNavigate } from "@tanstack/react-router";
import { ChevronUp, Pause, Play, RotateCw, Settings, Square } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MachineState } from "#contract";
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx";
import { Menu, type MenuEntry } from "../../components/ui/menu.tsx";
import { StateChip } from "../../components/ui/state-chip.tsx";
import { useMachine } from "../../hooks/use-machine.ts";
import { offerCommands } from "../../lib/commands.ts";
import { actOnMachine, type MachineVerb } from "./machine-actions.ts";
import { stateTones } from "./machine-state.ts";

/** Why a verb cannot be used in a state; undefined where it can. */
function whyNot(verb: MachineVerb, { status }: MachineState): "notRunning" | "runs" | "notSuspended" | undefined {
  switch (verb) {
    case "start":
      return status === "absent" || status === "stopped" || status === "broken" ? undefined : "runs";
    case "resume":
      return status === "suspended" ? undefined : "notSuspended";
    case "suspend":
    case "restart":
      return status === "running" ? undefined : "notRunning";
    case "stop":
      return status === "absent" || status === "stopped" || status === "stopping" ? "notRunning" : undefined;
  }
}

const icons = { start: Play, resume: Play, suspend: Pause, restart: RotateCw, stop: Square } as const;

function useEntries(state: MachineState, ask: (verb: "stop" | "restart") => void): readonly MenuEntry[] {
  const { t } = useTranslation("machine");
  const navigate = useNavigate();
  const up = state.status === "suspended" ? "resume" : "start";
  const verbs = [up, "suspend", "restart", "stop"] as const;
  const entries = verbs.map((verb): MenuEntry => {
    const reason = whyNot(verb, state);
    const asks = (verb === "stop" || verb === "restart") && state.status === "running";
    return {
      id: verb,
      label: t(`verb.${verb}`),
      name: t(`verbNamed.${verb}`),
      icon: icons[verb],
      disabledReason: reason && t(`cannot.${reason}`),
      run: () => (asks ? ask(verb) : actOnMachine(verb)),
    };
  });
  const settings: MenuEntry = {
    id: "settings",
    label: t("settings"),
    icon: Settings,
    startsGroup: true,
    run: () => void navigate({ to: "/settings/machine" }),
  };
  return [...entries, settings];
}

function useCommands(entries: readonly MenuEntry[]): void {
  const { t } = useTranslation("machine");
  useEffect(
    () =>
      offerCommands("machine", () =>
        entries.map(({ id, label, name, icon, disabledReason, run }) => ({
          id: `machine:${id}`,
          label: name ?? label,
          group: t("title"),
          disabledReason,
          run,
          ...(icon ? { icon } : {}),
        })),
      ),
    [entries, t],
  );
}

function MachineMenuOf({ state }: { readonly state: MachineState }) {
  const { t } = useTranslation("machine");
  const [asking, setAsking] = useState<"stop" | "restart">();
  const entries = useEntries(state, setAsking);
  useCommands(entries);
  const trigger = (
    <button
      type="button"
      aria-label={t("menu", { state: t(`state.${state.status}`) })}
      className="-mx-1.5 flex h-6 items-center gap-1.5 rounded-sm px-1.5 hover:bg-hover data-popup-open:bg-active"
    >
      <StateChip tone={stateTones[state.status]} label={t(`bar.${state.status}`)} className="text-sm" />
      <ChevronUp size={12} aria-hidden />
    </button>
  );
  return (
    <>
      <span role="status" className="sr-only">
        {t(`bar.${state.status}`)}
      </span>
      <Menu trigger={trigger} entries={entries} />
      {asking && (
        <ConfirmDialog
          open
          onClose={() => setAsking(undefined)}
          title={t(`verbNamed.${asking}`)}
          consequence={t(`ask.${asking}`)}
          verb={t(`verb.${asking}`)}
          onConfirm={() => actOnMachine(asking)}
        />
      )}
    </>
  );
}

/** The machine in the status bar: its state, and what can be done with it. Shown where it plays a part. */
export function MachineMenu() {
  const machine = useMachine();
  return machine ? <MachineMenuOf state={machine.state} /> : null;
}

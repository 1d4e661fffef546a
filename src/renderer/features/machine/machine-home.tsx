import { Link } from "@tanstack/react-router";
import { CirclePause, Play, Power, Server, Square } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MachineState, MachineStep, MachineView } from "#contract";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { StateChip } from "../../components/ui/state-chip.tsx";
import { useEngine } from "../../hooks/use-engine.ts";
import { useMachineRole } from "../../hooks/use-machine.ts";
import { useChangeSettings } from "../../hooks/use-settings.ts";
import { useTitle } from "../../hooks/use-title.ts";
import { formatBytes, formatDuration, formatTime } from "../../lib/format.ts";
import { usePendingVerb } from "../../lib/pending.ts";
import { ConsolePane } from "./console-pane.tsx";
import { actOnMachine, machineObject } from "./machine-actions.ts";
import { stateSince, stateTones } from "./machine-state.ts";
import { RepairList } from "./repair-list.tsx";
import { TimeLine } from "./time-line.tsx";
import { useTick } from "./use-tick.ts";

function Elapsed({ state }: { readonly state: MachineState }) {
  const moving = state.status !== "broken" && stateSince(state) !== undefined;
  const now = useTick(moving, 1_000);
  const since = stateSince(state);
  if (!moving || since === undefined) return null;
  return <span className="font-mono text-sm text-muted">{formatDuration(Math.max(0, now - since))}</span>;
}

function Header({ state, children }: { readonly state: MachineState; readonly children?: ReactNode }) {
  const { t } = useTranslation("machine");
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-4 py-2">
      <h1 className="text-lg font-medium">{t("title")}</h1>
      <span role="status">
        <StateChip tone={stateTones[state.status]} label={t(`state.${state.status}`)} />
      </span>
      <Elapsed state={state} />
      <div className="ml-auto flex flex-wrap items-center gap-2">
        {children}
        <Link to="/settings/machine" className="text-link underline underline-offset-2">
          {t("settings")}
        </Link>
      </div>
    </header>
  );
}

/** Time line and console side by side, or one below the other where it is narrow. */
function StartView({ state, steps }: { readonly state: MachineState; readonly steps: readonly MachineStep[] }) {
  return (
    <div className="flex grow flex-col gap-5 min-[900px]:flex-row">
      {steps.length > 0 && (
        <div className="shrink-0 min-[900px]:w-84 lg:w-96">
          <TimeLine state={state} steps={steps} />
        </div>
      )}
      <ConsolePane state={state} />
    </div>
  );
}

function StartButton({ verb, offered }: { readonly verb: "start" | "resume"; readonly offered: boolean }) {
  const { t } = useTranslation("machine");
  const pending = usePendingVerb(machineObject);
  const change = useChangeSettings();
  // Choosing the machine starts it, now and with each start of the app.
  const run = (): void => (offered ? change({ engine: "vm" }) : actOnMachine(verb));
  return (
    <Button tone="primary" icon={Play} busy={pending !== undefined} onClick={run}>
      {t(offered ? "use" : `verb.${verb}`)}
    </Button>
  );
}

function Offer() {
  const { t } = useTranslation("machine");
  const engine = useEngine();
  const hints = engine.status === "disconnected" ? engine.hints : [];
  const action = (
    <div className="flex flex-col items-center gap-4">
      <div className="flex flex-wrap justify-center gap-2">
        <StartButton verb="start" offered />
        <Link
          to="/settings"
          className="inline-flex h-7 items-center rounded-md border border-control/60 bg-raised px-2.5 font-medium hover:bg-hover"
        >
          {t("offer.other")}
        </Link>
      </div>
      <ul className="flex max-w-120 list-disc flex-col gap-1 pl-4 text-left text-sm text-muted">
        {hints.map((hint) => (
          <li key={hint} className="break-words select-text">
            {hint}
          </li>
        ))}
      </ul>
    </div>
  );
  return <EmptyState icon={Server} title={t("offer.title")} body={t("offer.body")} action={action} />;
}

function Resting({ state }: { readonly state: Extract<MachineState, { status: "absent" | "stopped" | "suspended" }> }) {
  const { t } = useTranslation("machine");
  switch (state.status) {
    case "absent":
      return (
        <EmptyState
          icon={Server}
          title={t("absent.title")}
          body={t("absent.body")}
          action={<StartButton verb="start" offered={false} />}
        />
      );
    case "stopped":
      return (
        <EmptyState
          icon={Power}
          title={t("stopped.title")}
          body={state.note ?? t("stopped.body")}
          action={<StartButton verb="start" offered={false} />}
        />
      );
    case "suspended":
      return (
        <EmptyState
          icon={CirclePause}
          title={t("suspended.title")}
          body={t("suspended.body", { time: formatTime(state.suspendedAt), size: formatBytes(state.sizeBytes) })}
          action={<StartButton verb="resume" offered={false} />}
        />
      );
  }
}

function Body({ state }: { readonly state: MachineState }) {
  const { t } = useTranslation("machine");
  const offered = useMachineRole() === "offered";
  switch (state.status) {
    case "absent":
    case "stopped":
      return offered ? <Offer /> : <Resting state={state} />;
    case "suspended":
      return <Resting state={state} />;
    case "suspending":
    case "stopping":
      return (
        <div className="flex grow flex-col gap-4 p-4">
          <p className="text-muted">{t(`${state.status}.body`)}</p>
          <ConsolePane state={state} />
        </div>
      );
    case "starting":
    case "resuming":
    case "running":
      return (
        <div className="flex grow flex-col gap-4 p-4">
          {state.status === "starting" && state.note !== undefined && (
            <p role="status" className="rounded-md bg-paused-tint px-3 py-2 text-paused select-text">
              {state.note}
            </p>
          )}
          <StartView state={state} steps={state.steps} />
        </div>
      );
    case "broken":
      return (
        <div className="flex grow flex-col gap-5 p-4">
          <div role="alert" className="rounded-md bg-failed-tint px-3 py-2.5">
            <p className="font-medium text-failed">
              {state.failedStep ? t("brokenAt", { step: t(`step.${state.failedStep}.name`) }) : t("broken")}
            </p>
            <p className="break-words whitespace-pre-wrap select-text">{state.why}</p>
          </div>
          <RepairList state={state} />
          <StartView state={state} steps={state.steps} />
        </div>
      );
  }
}

/** Stands in the place of the screens while the machine that was chosen does not run: what it does, or what to do. */
export function MachineHome({ view }: { readonly view: MachineView }) {
  const { t } = useTranslation("machine");
  const { state } = view;
  const starting = state.status === "starting" || state.status === "resuming";
  const stopping = usePendingVerb(`${machineObject}:stop`) !== undefined;
  useTitle(`${t("title")}: ${t(`state.${state.status}`)}`);
  return (
    <section aria-label={t("title")} className="flex h-full min-h-0 flex-col">
      <Header state={state}>
        {starting && (
          <Button icon={Square} busy={stopping} onClick={() => actOnMachine("stop")}>
            {t(state.status === "starting" ? "cancelStart" : "verb.stop")}
          </Button>
        )}
      </Header>
      <div className="flex min-h-0 grow flex-col overflow-y-auto">
        <Body state={state} />
      </div>
    </section>
  );
}

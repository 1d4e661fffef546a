import { Outlet, useLocation } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useBulkResults } from "../../components/table/run-bulk.ts";
import { useMachine, useMachineInFront } from "../../hooks/use-machine.ts";
import { useCommandRegistry } from "../../lib/commands.ts";
import { lazyPart, loadWhenCalm } from "../../lib/load-part.ts";
import { EngineBanner } from "./engine-banner.tsx";
import { Sidebar } from "./sidebar.tsx";
import { StatusBar } from "./status-bar.tsx";
import { useShellCommands } from "./use-shell-commands.ts";
import { useShellKeys } from "./use-shell-keys.ts";

const loadPalette = () => import("./palette.tsx");
const Palette = lazyPart(loadPalette, "Palette");
// So that what is typed right after the shortcut is not lost.
loadWhenCalm(loadPalette);
const MachineHome = lazyPart(() => import("../../features/machine/machine-home.tsx"), "MachineHome");
const MachineNotices = lazyPart(() => import("../../features/machine/machine-notices.tsx"), "MachineNotices");
const BulkResultsDialog = lazyPart(() => import("../../components/table/bulk-results.tsx"), "BulkResultsDialog");
const ShortcutsDialog = lazyPart(() => import("./shortcuts-dialog.tsx"), "ShortcutsDialog");

/** The screen; or the machine, where there is no engine to show because it does not run. Settings are always there. */
function Content() {
  const machine = useMachineInFront();
  const { pathname } = useLocation();
  if (machine && !pathname.startsWith("/settings"))
    return (
      <Suspense>
        <MachineHome view={machine} />
      </Suspense>
    );
  return <Outlet />;
}

/** Stays in sight of the whole app: sidebar, what is wrong with the engine, the screen, the status bar. */
export function Shell() {
  const { t } = useTranslation("shell");
  const [helpOpen, setHelpOpen] = useState(false);
  const paletteOpen = useCommandRegistry((state) => state.open);
  useShellKeys({ onHelp: () => setHelpOpen(true) });
  useShellCommands({ onHelp: () => setHelpOpen(true) });
  const isMachineUp = useMachine()?.state.status === "running";
  const areResultsShown = useBulkResults(({ shown }) => shown !== undefined);
  return (
    <div className="flex h-full flex-col">
      <button
        type="button"
        onClick={() => document.getElementById("main")?.focus()}
        className="popup absolute top-2 left-2 z-70 -translate-y-20 px-3 py-1.5 focus:translate-y-0"
      >
        {t("skip")}
      </button>
      <div className="flex min-h-0 grow">
        <Sidebar />
        <div className="flex min-w-0 grow flex-col border-l border-line bg-surface">
          <EngineBanner />
          {isMachineUp && (
            <Suspense>
              <MachineNotices />
            </Suspense>
          )}
          <main id="main" tabIndex={-1} className="min-h-0 grow outline-none">
            <Content />
          </main>
        </div>
      </div>
      <StatusBar />
      <Suspense>
        {areResultsShown && <BulkResultsDialog />}
        {paletteOpen && <Palette />}
        {helpOpen && <ShortcutsDialog onClose={() => setHelpOpen(false)} />}
      </Suspense>
    </div>
  );
}

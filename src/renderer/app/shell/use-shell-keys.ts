import { useNavigate, useRouter } from "@tanstack/react-router";
import { focusMainSearch } from "../../components/ui/search-field.tsx";
import { useHotkeys } from "../../hooks/use-hotkeys.ts";
import { useChangeSettings, useSettings } from "../../hooks/use-settings.ts";
import { setPaletteOpen } from "../../lib/commands.ts";
import { isMac } from "../../lib/platform.ts";
import { screens } from "../screens.ts";

/** The keys that work everywhere. */
export function useShellKeys({ onHelp }: { readonly onHelp: () => void }): void {
  const { history } = useRouter();
  const navigate = useNavigate();
  const { settings } = useSettings();
  const change = useChangeSettings();
  const toScreen = screens.map(({ to }, index) => [`alt+${index + 1}`, () => void navigate({ to })] as const);
  useHotkeys(
    {
      "mod+k": () => setPaletteOpen(true),
      "mod+f": focusMainSearch,
      "mod+b": () => change({ sidebarCollapsed: !settings.sidebarCollapsed }),
      ...(isMac
        ? { "mod+[": () => history.back(), "mod+]": () => history.forward() }
        : { "alt+ArrowLeft": () => history.back(), "alt+ArrowRight": () => history.forward() }),
      ...Object.fromEntries(toScreen),
      "/": focusMainSearch,
      "?": onHelp,
    },
    { singleKeys: settings.singleKeyShortcuts },
  );
}

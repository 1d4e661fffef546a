import { useNavigate } from "@tanstack/react-router";
import { Archive, Keyboard, PanelLeft, SunMoon } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { changeSettings, useSettings } from "../../hooks/use-settings.ts";
import { type Command, offerCommands } from "../../lib/commands.ts";
import { screens } from "../screens.ts";

/** Offers what the shell itself can do to the palette: every screen, themes, the sidebar, help. */
export function useShellCommands({ onHelp }: { readonly onHelp: () => void }): void {
  const { t } = useTranslation(["shell", "settings"]);
  const navigate = useNavigate();
  const { settings } = useSettings();
  useEffect(() => {
    const goTo = (): Command[] =>
      screens.map(({ id, to, icon }, index) => ({
        id: `screen:${id}`,
        label: t(`shell:nav.${id}`),
        group: t("shell:palette.screens"),
        icon,
        keys: [`alt+${index + 1}`],
        run: () => void navigate({ to }),
      }));
    const group = t("shell:palette.app");
    const themes = (["system", "light", "dark"] as const).map(
      (theme): Command => ({
        id: `theme:${theme}`,
        label: t("shell:palette.theme", { theme: t(`settings:theme.${theme}`).toLowerCase() }),
        group,
        icon: SunMoon,
        run: () => void changeSettings({ theme }),
      }),
    );
    const fold: Command = {
      id: "sidebar",
      label: t(settings.sidebarCollapsed ? "shell:unfold" : "shell:fold"),
      group,
      icon: PanelLeft,
      keys: ["mod+b"],
      run: () => void changeSettings({ sidebarCollapsed: !settings.sidebarCollapsed }),
    };
    const help: Command = {
      id: "help",
      label: t("shell:shortcuts.title"),
      group,
      icon: Keyboard,
      keys: ["?"],
      run: onHelp,
    };
    const past: Command = {
      id: "screen:past",
      label: t("shell:nav.past"),
      group: t("shell:palette.screens"),
      icon: Archive,
      run: () => void navigate({ to: "/logs/past" }),
    };
    return offerCommands("shell", () => [...goTo(), past, ...themes, fold, help]);
  }, [t, navigate, onHelp, settings.sidebarCollapsed]);
}

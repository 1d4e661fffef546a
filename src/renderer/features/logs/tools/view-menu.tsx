import { Menu as Base } from "@base-ui/react/menu";
import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Settings } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { Menu, MenuCheck, MenuChoice } from "../../../components/ui/menu.tsx";
import { changeSettings, useSettings } from "../../../hooks/use-settings.ts";

const timestamps = ["off", "relative", "local", "utc"] as const;
const streams = ["both", "stdout", "stderr"] as const;

function Group({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Base.Group className="border-b border-line py-1 first:pt-0">
      <Base.GroupLabel className="px-3 py-1 text-sm text-muted">{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  );
}

/** How lines are shown; kept in the settings, for all logs. */
export function ViewMenu() {
  const { t } = useTranslation("logs");
  const { settings } = useSettings();
  const set = (changes: Partial<Settings>): void => void changeSettings(changes);
  const streamWords = { both: t("tools.both"), stdout: t("tools.onlyStdout"), stderr: t("tools.onlyStderr") };
  const trigger = (
    <Button tone="quiet">
      {t("tools.view")}
      <ChevronDown size={13} aria-hidden />
    </Button>
  );
  return (
    <Menu trigger={trigger} align="end">
      <Group label={t("tools.timestamps")}>
        <MenuChoice
          value={settings.logTimestamps}
          options={timestamps.map((value) => ({ value, label: t(`tools.${value}`) }))}
          onChange={(logTimestamps) => set({ logTimestamps })}
        />
      </Group>
      <Group label={t("tools.streams")}>
        <MenuChoice
          value={settings.logStreams}
          options={streams.map((value) => ({ value, label: streamWords[value] }))}
          onChange={(logStreams) => set({ logStreams })}
        />
      </Group>
      <div role="presentation" className="pt-1">
        <MenuCheck checked={settings.logWrap} onChange={(logWrap) => set({ logWrap })}>
          {t("tools.wrap")}
        </MenuCheck>
        <MenuCheck checked={settings.logFoldTraces} onChange={(logFoldTraces) => set({ logFoldTraces })}>
          {t("tools.fold")}
        </MenuCheck>
        <MenuCheck checked={settings.logHistogram} onChange={(logHistogram) => set({ logHistogram })}>
          {t("tools.histogram")}
        </MenuCheck>
      </div>
    </Menu>
  );
}

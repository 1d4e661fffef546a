import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx";
import { Select } from "../../components/ui/select.tsx";
import { Switch } from "../../components/ui/switch.tsx";
import { useLiveList } from "../../hooks/use-live.ts";
import { useChangeSettings, useSettings } from "../../hooks/use-settings.ts";
import { formatBytes, formatGibibytes } from "../../lib/format.ts";
import { pastSource } from "../../lib/sources.ts";
import { Group, Setting } from "./setting.tsx";

const mebibyte = 1024 * 1024;
const memoryChoices = [128, 256, 512, 1024, 2048, 4096];
const diskChoices = [0, 256, 1024, 4096, 16_384, 65_536];

function sizeLabel(mebibytes: number): string {
  return mebibytes < 1024 ? `${mebibytes}\u00a0MiB` : formatGibibytes(mebibytes * mebibyte);
}

/** A value that was set elsewhere is a choice too. */
function withValue(choices: readonly number[], value: number): readonly number[] {
  return choices.includes(value) ? choices : [...choices, value].sort((a, b) => a - b);
}

function KeptSize() {
  const { t } = useTranslation("settings");
  const { settings } = useSettings();
  const change = useChangeSettings();
  const kept = useLiveList(pastSource).items ?? [];
  const usedBytes = kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const [asked, ask] = useState<number>();
  const choose = (value: string): void => {
    const keptLogsMiB = Number(value);
    if (usedBytes > keptLogsMiB * mebibyte) ask(keptLogsMiB);
    else change({ keptLogsMiB });
  };
  const goes = formatBytes(Math.max(0, usedBytes - (asked ?? 0) * mebibyte));
  return (
    <Setting label={t("logs.disk.label")} hint={t("logs.disk.hint", { size: formatBytes(usedBytes) })}>
      <Select
        label={t("logs.disk.label")}
        value={String(settings.keptLogsMiB)}
        onChange={choose}
        options={withValue(diskChoices, settings.keptLogsMiB).map((size) => ({
          value: String(size),
          label: size === 0 ? t("logs.disk.nothing") : sizeLabel(size),
        }))}
        className="w-36"
      />
      <ConfirmDialog
        open={asked !== undefined}
        onClose={() => ask(undefined)}
        title={asked === 0 ? t("logs.cut.allTitle") : t("logs.cut.title", { size: sizeLabel(asked ?? 0) })}
        consequence={
          asked === 0
            ? t("logs.cut.allBody", { size: goes, count: kept.length })
            : t("logs.cut.body", { size: goes, count: kept.length })
        }
        verb={t("logs.cut.verb")}
        onConfirm={() => asked !== undefined && change({ keptLogsMiB: asked })}
      />
    </Setting>
  );
}

/** Memory and disk for log lines, and whose are kept. */
export function LogsGroup() {
  const { t } = useTranslation("settings");
  const { settings } = useSettings();
  const change = useChangeSettings();
  return (
    <Group title={t("logs.title")}>
      <Setting label={t("logs.memory.label")} hint={t("logs.memory.hint")}>
        <Select
          label={t("logs.memory.label")}
          value={String(settings.logMemoryMiB)}
          onChange={(value) => change({ logMemoryMiB: Number(value) })}
          options={withValue(memoryChoices, settings.logMemoryMiB).map((size) => ({
            value: String(size),
            label: sizeLabel(size),
          }))}
          className="w-36"
        />
      </Setting>
      <KeptSize />
      <Switch
        label={t("logs.all.label")}
        hint={t(settings.keptLogsMiB === 0 ? "logs.all.off" : "logs.all.hint")}
        checked={settings.keepAllLogs}
        onChange={(keepAllLogs) => change({ keepAllLogs })}
      />
      <p>
        <Link to="/logs/past" className="text-link hover:underline">
          {t("logs.past")}
        </Link>
      </p>
    </Group>
  );
}

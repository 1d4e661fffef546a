import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { matchesQuery } from "../../components/screen/match.ts";
import { SettingsNav } from "../../components/screen/settings-nav.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { Mono } from "../../components/ui/mono.tsx";
import { RadioGroup } from "../../components/ui/radio-group.tsx";
import { SearchField } from "../../components/ui/search-field.tsx";
import { Switch } from "../../components/ui/switch.tsx";
import { useChangeSettings, useSettings } from "../../hooks/use-settings.ts";
import { useTitle } from "../../hooks/use-title.ts";
import { appInfoQuery } from "../../lib/app-info.ts";
import { EngineChoice } from "./engine-choice.tsx";
import { LogsGroup } from "./logs-group.tsx";
import { Group, Setting } from "./setting.tsx";

function LookGroup() {
  const { t } = useTranslation("settings");
  const { settings } = useSettings();
  const change = useChangeSettings();
  return (
    <Group title={t("look")}>
      <Setting label={t("theme.label")} hint={t("theme.hint")}>
        <RadioGroup
          segmented
          label={t("theme.label")}
          value={settings.theme}
          onChange={(theme) => change({ theme })}
          options={(["system", "light", "dark"] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
        />
      </Setting>
      <Setting label={t("density.label")} hint={t("density.hint")}>
        <RadioGroup
          segmented
          label={t("density.label")}
          value={settings.density}
          onChange={(density) => change({ density })}
          options={(["comfortable", "compact"] as const).map((value) => ({ value, label: t(`density.${value}`) }))}
        />
      </Setting>
    </Group>
  );
}

function KeyboardGroup() {
  const { t } = useTranslation("settings");
  const { settings } = useSettings();
  const change = useChangeSettings();
  return (
    <Group title={t("keyboard")}>
      <Switch
        label={t("singleKeys.label")}
        hint={t("singleKeys.hint")}
        checked={settings.singleKeyShortcuts}
        onChange={(singleKeyShortcuts) => change({ singleKeyShortcuts })}
      />
    </Group>
  );
}

function AboutGroup() {
  const { t } = useTranslation("settings");
  const { data } = useQuery(appInfoQuery);
  return (
    <Group title={t("about")}>
      <dl className="grid grid-cols-[minmax(112px,max-content)_1fr] gap-x-6 gap-y-1">
        <dt className="text-muted">{t("version")}</dt>
        <dd className="select-text">{data?.version}</dd>
        <dt className="text-muted">{t("home")}</dt>
        <dd className="min-w-0">{data && <Mono wrap text={data.home} copyName={t("home")} />}</dd>
      </dl>
    </Group>
  );
}

/** The words by which a group is found. */
function useGroups() {
  const { t } = useTranslation("settings");
  return [
    {
      id: "look",
      words: [t("look"), t("theme.label"), t("theme.hint"), t("density.label"), t("density.hint")],
      group: LookGroup,
    },
    { id: "engine", words: [t("engine"), t("choice.label"), t("choice.hint"), t("choice.url")], group: EngineChoice },
    {
      id: "logs",
      words: [t("logs.title"), t("logs.memory.label"), t("logs.disk.label"), t("logs.all.label"), t("logs.past")],
      group: LogsGroup,
    },
    { id: "keyboard", words: [t("keyboard"), t("singleKeys.label"), t("singleKeys.hint")], group: KeyboardGroup },
    { id: "about", words: [t("about"), t("version"), t("home")], group: AboutGroup },
  ];
}

/** Everything that can be set. What needs no restart of anything applies at once. */
export function SettingsScreen() {
  const { t } = useTranslation("settings");
  const { notices, readOnly } = useSettings();
  const [query, setQuery] = useState("");
  const groups = useGroups().filter(({ words }) => matchesQuery(query, words));
  useTitle(t("title"));
  return (
    <section aria-label={t("title")} className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-4 py-2">
        <h1 className="text-lg font-medium">{t("title")}</h1>
        <SettingsNav current="general" />
        <SearchField main label={t("search")} value={query} onChange={setQuery} className="w-56" />
      </header>
      <div className="min-h-0 grow overflow-y-auto px-4">
        <div className="max-w-160">
          {[...notices, ...(readOnly ? [t("readOnly")] : [])].map((notice) => (
            <p key={notice} role="status" className="mt-4 rounded-md bg-paused-tint px-3 py-2 text-paused">
              {notice}
            </p>
          ))}
          {groups.map(({ id, group: Part }) => (
            <Part key={id} />
          ))}
        </div>
        {groups.length === 0 && <EmptyState title={t("noMatch", { query })} />}
      </div>
    </section>
  );
}

import { Popover } from "@base-ui/react/popover";
import { ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ContainerSummary } from "#contract";
import { matchesQuery } from "../../../components/screen/match.ts";
import { Button } from "../../../components/ui/button.tsx";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { SearchField } from "../../../components/ui/search-field.tsx";
import { projectOf } from "./choose-sources.ts";
import type { MergedSearch } from "./merged-search.ts";

const pressed = "aria-pressed:border-accent aria-pressed:bg-selected aria-pressed:text-accent";

interface SourcePickerProps {
  readonly containers: readonly ContainerSummary[];
  readonly search: MergedSearch;
  /** Ids that are on the timeline now. */
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (search: MergedSearch) => void;
}

function useWords({ search, chosen }: SourcePickerProps): string {
  const { t } = useTranslation("logs");
  if (search.project !== undefined) return t("sources.project", { name: search.project });
  return search.c || search.past
    ? t("sources.chosen", { count: chosen.size + (search.past?.length ?? 0) })
    : t("sources.running");
}

function PickList({ containers, search, chosen, onChange }: SourcePickerProps) {
  const { t } = useTranslation("logs");
  const [query, setQuery] = useState("");
  const labelId = useId();
  const projects = [...new Set(containers.flatMap((container) => projectOf(container) ?? []))].sort();
  const listed = containers
    .filter((container) => matchesQuery(query, [container.name, container.image]))
    .sort((a, b) => a.name.localeCompare(b.name));
  const toggle = (id: string, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    onChange({
      c: containers.filter((container) => next.has(container.id)).map(({ name }) => name),
      ...(search.past ? { past: search.past } : {}),
    });
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-1">
        <Button
          onClick={() => onChange({})}
          aria-pressed={!search.c && !search.project && !search.past}
          className={pressed}
        >
          {t("sources.running")}
        </Button>
        {projects.map((name) => (
          <Button
            key={name}
            onClick={() => onChange({ project: name })}
            aria-pressed={search.project === name}
            className={pressed}
          >
            {name}
          </Button>
        ))}
      </div>
      <SearchField label={t("sources.pick")} value={query} onChange={setQuery} />
      <span id={labelId} className="sr-only">
        {t("sources.choose")}
      </span>
      <ul aria-labelledby={labelId} className="max-h-72 overflow-y-auto">
        {listed.map(({ id, name, state }) => (
          <li key={id}>
            <Checkbox
              checked={chosen.has(id)}
              onChange={(on) => toggle(id, on)}
              className="rounded-sm px-1.5 hover:bg-hover"
            >
              <span className="min-w-0 grow truncate">{name}</span>
              <span className="text-sm text-muted">{state}</span>
            </Checkbox>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Chooses whose logs stand on the timeline. */
export function SourcePicker(props: SourcePickerProps) {
  const { t } = useTranslation("logs");
  const words = useWords(props);
  return (
    <Popover.Root>
      <Popover.Trigger
        render={
          <Button aria-label={`${t("sources.choose")}: ${words}`}>
            {words}
            <ChevronDown size={13} aria-hidden />
          </Button>
        }
      />
      <Popover.Portal>
        <Popover.Positioner align="start" sideOffset={4} collisionPadding={8} className="z-50">
          <Popover.Popup className="popup w-80 p-3">
            <Popover.Title className="sr-only">{t("sources.choose")}</Popover.Title>
            <PickList {...props} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

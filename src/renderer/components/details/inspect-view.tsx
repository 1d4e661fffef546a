import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ContainerDetails } from "#contract";
import { formatNumber } from "../../lib/format.ts";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { JsonTree, useMatchCount } from "../ui/json-tree.tsx";
import { RadioGroup } from "../ui/radio-group.tsx";
import { SearchField } from "../ui/search-field.tsx";

type View = "tree" | "raw";
type Json = ContainerDetails["raw"];

interface InspectViewProps {
  /** Accessible name. */
  readonly label: string;
  readonly raw: Json;
}

/** The engine's own description of an object, as a tree or as it came. */
export function InspectView({ label, raw }: InspectViewProps) {
  const { t } = useTranslation();
  const [view, setView] = useState<View>("tree");
  const [query, setQuery] = useState("");
  const [allOpen, setAllOpen] = useState(false);
  const applied = useDeferredValue(query.trim());
  const text = useMemo(() => JSON.stringify(raw, null, 2), [raw]);
  const matches = useMatchCount(raw, applied);
  return (
    <div className="flex h-full flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        {view === "tree" && (
          <>
            <SearchField main label={t("json.search")} value={query} onChange={setQuery} className="w-64" />
            {applied && (
              <span role="status" className="text-muted">
                {t("json.matches", { count: matches, formatted: formatNumber(matches) })}
              </span>
            )}
          </>
        )}
        <div className="ml-auto flex items-center gap-2">
          {view === "tree" && (
            <Button tone="quiet" onClick={() => setAllOpen(!allOpen)}>
              {t(allOpen ? "json.collapseAll" : "json.expandAll")}
            </Button>
          )}
          <RadioGroup
            segmented
            label={label}
            value={view}
            onChange={setView}
            options={[
              { value: "tree", label: t("json.tree") },
              { value: "raw", label: t("json.raw") },
            ]}
          />
          <CopyButton text={text} name={t("json.raw")} />
        </div>
      </div>
      <section aria-label={label} tabIndex={0} className="focus-inset min-h-0 grow overflow-auto p-4">
        {view === "tree" ? (
          <JsonTree key={String(allOpen)} value={raw} query={applied} allOpen={allOpen} />
        ) : (
          <pre className="font-mono text-sm break-all whitespace-pre-wrap select-text">{text}</pre>
        )}
      </section>
    </div>
  );
}

import { useParams } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../components/ui/button.tsx";
import { CopyButton } from "../../components/ui/copy-button.tsx";
import { JsonTree, useMatchCount } from "../../components/ui/json-tree.tsx";
import { RadioGroup } from "../../components/ui/radio-group.tsx";
import { SearchField } from "../../components/ui/search-field.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useContainer } from "../../hooks/use-container.ts";
import { formatNumber } from "../../lib/format.ts";

type View = "tree" | "raw";

/** The engine's own description of a container, as a tree or as it came. */
export function ContainerInspect() {
  const { t } = useTranslation(["common", "containers"]);
  const { id = "" } = useParams({ strict: false });
  const { details } = useContainer(id);
  const [view, setView] = useState<View>("tree");
  const [query, setQuery] = useState("");
  const [allOpen, setAllOpen] = useState(false);
  const applied = useDeferredValue(query.trim());
  const raw = details?.raw ?? null;
  const text = useMemo(() => JSON.stringify(raw, null, 2), [raw]);
  const matches = useMatchCount(raw, applied);
  if (!details) return <Skeleton what={t("containers:tab.inspect")} />;
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
            label={t("containers:tab.inspect")}
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
      <section
        aria-label={t("containers:tab.inspect")}
        tabIndex={0}
        className="focus-inset min-h-0 grow overflow-auto p-4"
      >
        {view === "tree" ? (
          <JsonTree key={String(allOpen)} value={raw} query={applied} allOpen={allOpen} />
        ) : (
          <pre className="font-mono text-sm break-all whitespace-pre-wrap select-text">{text}</pre>
        )}
      </section>
    </div>
  );
}

import { Filter } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../../components/ui/icon-button.tsx";
import type { Json } from "../../../components/ui/json-search.ts";
import { JsonTree } from "../../../components/ui/json-tree.tsx";
import { SearchField } from "../../../components/ui/search-field.tsx";
import { useRowFacts } from "./row-facts.ts";

/** Trees with fewer keys are seen whole. */
const searchFrom = 12;

/** A line's JSON as a tree; each value can become a filter. */
export function JsonDetail({ value }: { readonly value: Json }) {
  const { t } = useTranslation("logs");
  const { onField } = useRowFacts();
  const [query, setQuery] = useState("");
  const size = JSON.stringify(value).split('":').length;
  return (
    <div className="my-1 max-w-240 rounded-md border border-line bg-surface px-2 py-1.5 whitespace-normal select-text">
      {size > searchFrom && (
        <SearchField label={t("row.fieldSearch")} value={query} onChange={setQuery} className="mb-1 w-64 font-sans" />
      )}
      <JsonTree
        value={value}
        query={query}
        allOpen={false}
        leafAction={(key, leaf) => (
          <IconButton
            icon={Filter}
            label={t("row.fieldOnly", { key, value: JSON.stringify(leaf) })}
            onClick={() => onField(key, leaf)}
            className="-my-1 ml-1 opacity-0 group-hover/leaf:opacity-100 focus-visible:opacity-100"
          />
        )}
      />
    </div>
  );
}

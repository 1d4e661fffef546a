import { useQuery } from "@tanstack/react-query";
import { Star } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toAppError } from "#contract";
import { Badge } from "../../../components/ui/badge.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { SearchField } from "../../../components/ui/search-field.tsx";
import { Spinner } from "../../../components/ui/spinner.tsx";
import { client } from "../../../lib/client.ts";
import { formatNumber } from "../../../lib/format.ts";

function Results({ term, onPick }: { readonly term: string; readonly onPick: (name: string) => void }) {
  const { t } = useTranslation(["images", "common"]);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["registries", "search", term],
    queryFn: ({ signal }) => client.registries.search({ term }, { signal }),
    retry: false,
    staleTime: 60_000,
  });
  if (isFetching) return <Spinner />;
  if (error) {
    return (
      <div role="alert" className="flex flex-col items-start gap-2 text-failed">
        <span className="break-words">{toAppError(error).message}</span>
        <Button onClick={() => void refetch()}>{t("common:retry")}</Button>
      </div>
    );
  }
  if (!data || data.results.length === 0) return <p className="text-muted">{t("images:pullDialog.noResults")}</p>;
  return (
    <ul aria-label={t("images:pullDialog.results")} className="flex max-h-60 flex-col overflow-y-auto">
      {data.results.map(({ name, description, stars, official }) => (
        <li key={name} className="flex items-center gap-3 border-b border-line py-1.5 last:border-b-0">
          <div className="min-w-0 grow">
            <p className="flex items-center gap-2 font-medium">
              <span className="truncate">{name}</span>
              {official && <Badge tone="running">{t("images:pullDialog.official")}</Badge>}
              <span className="flex items-center gap-1 text-sm font-normal text-muted">
                <Star size={12} aria-hidden />
                <span aria-hidden="true">{formatNumber(stars)}</span>
                <span className="sr-only">{t("images:pullDialog.stars", { count: stars })}</span>
              </span>
            </p>
            <p className="truncate text-sm text-muted">{description}</p>
          </div>
          <Button aria-label={t("images:pullDialog.use", { name })} onClick={() => onPick(name)}>
            {t("common:choose")}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Searches Docker Hub through the engine, at Enter and not at each key: every search counts against its limits. */
export function HubSearch({ onPick }: { readonly onPick: (name: string) => void }) {
  const { t } = useTranslation("images");
  const [text, setText] = useState("");
  const [term, setTerm] = useState("");
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        setTerm(text.trim());
      }}
    >
      <div className="flex gap-2">
        <SearchField label={t("pullDialog.searchFor")} value={text} onChange={setText} className="grow" />
        <Button type="submit">{t("pullDialog.search")}</Button>
      </div>
      {term !== "" && <Results term={term} onPick={onPick} />}
    </form>
  );
}

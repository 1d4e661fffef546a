import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useDeferredValue, useEffect, useRef, useState } from "react";

/** What of a list stands in its URL, so that a reload or a shared link shows the same. */
export interface ListSearch {
  readonly q?: string;
  readonly sort?: string;
  readonly filter?: string;
}

/** Reads the search part of a URL; what is no text is left out. */
export function readListSearch(search: Record<string, unknown>): ListSearch {
  const text = (key: string): Record<string, string> => {
    const value = search[key];
    return typeof value === "string" || typeof value === "number" ? { [key]: String(value) } : {};
  };
  return { ...text("q"), ...text("sort"), ...text("filter") };
}

export interface ListView {
  /** What stands in the search field. */
  readonly query: string;
  /** The same, a moment later while the list is busy: filter by this one. */
  readonly appliedQuery: string;
  readonly setQuery: (query: string) => void;
  readonly sort: string;
  readonly setSort: (sort: string) => void;
  readonly filter: string;
  readonly setFilter: (filter: string) => void;
  readonly clear: () => void;
  readonly isNarrowed: boolean;
}

/** Writing the URL at each key would slow the typing. */
const writeAfterMs = 200;

/** Search, filter and sort of a list, kept in the URL. */
export function useListView(defaults: { readonly sort: string; readonly filter: string }): ListView {
  const search: ListSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const [query, setTyped] = useState(search.q ?? "");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const write = useCallback(
    (change: ListSearch) => {
      const clean = (before: ListSearch): ListSearch => {
        const next = { ...before, ...change };
        const kept = Object.entries(next).filter(
          ([key, value]) => value && value !== defaults[key as "sort" | "filter"],
        );
        return Object.fromEntries(kept);
      };
      void navigate({ to: ".", search: (before: ListSearch) => clean(before), replace: true });
    },
    [navigate, defaults],
  );
  const setQuery = useCallback(
    (next: string) => {
      setTyped(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => write({ q: next }), writeAfterMs);
    },
    [write],
  );
  useEffect(() => () => clearTimeout(timer.current), []);
  const appliedQuery = useDeferredValue(query);
  const filter = search.filter ?? defaults.filter;
  return {
    query,
    appliedQuery,
    setQuery,
    sort: search.sort ?? defaults.sort,
    setSort: (sort) => write({ sort }),
    filter,
    setFilter: (next) => write({ filter: next }),
    clear: () => {
      clearTimeout(timer.current);
      setTyped("");
      write({ q: "", filter: defaults.filter });
    },
    isNarrowed: query !== "" || filter !== defaults.filter,
  };
}

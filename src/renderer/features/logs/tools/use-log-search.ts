import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { type LogFilter, type LogLevel, logLevels } from "#contract";

/** What of a log view stands in its URL, so that a reload or a shared link shows the same. */
export interface LogSearch {
  readonly q?: string;
  readonly regex?: boolean;
  readonly case?: boolean;
  /** Only what matches, with so many lines around. */
  readonly only?: number;
  readonly invert?: boolean;
  /** Levels that are shown, by name; absent means all. */
  readonly levels?: readonly LogLevel[];
  /** Milliseconds since 1970. */
  readonly from?: number;
  readonly to?: number;
}

/** Reads the search part of a URL; what is not as it should be is left out. */
export function readLogSearch(search: Record<string, unknown>): LogSearch {
  const { q, only, levels, from, to } = search;
  const known = Array.isArray(levels) ? logLevels.filter((level) => levels.includes(level)) : [];
  const hasOnly = typeof only === "number" && Number.isInteger(only) && only >= 0 && only <= 100;
  return {
    ...(typeof q === "string" || typeof q === "number" ? { q: String(q).slice(0, 1000) } : {}),
    ...(search.regex === true ? { regex: true } : {}),
    ...(search.case === true ? { case: true } : {}),
    ...(hasOnly ? { only } : {}),
    ...(search.invert === true ? { invert: true } : {}),
    ...(known.length > 0 ? { levels: known } : {}),
    ...(typeof from === "number" ? { from } : {}),
    ...(typeof to === "number" ? { to } : {}),
  };
}

export type ChangeLogSearch = (change: { readonly [K in keyof LogSearch]?: LogSearch[K] | undefined }) => void;

/** Search, levels and time range of the view, kept in the URL. */
export function useLogSearch(): { readonly search: LogSearch; readonly change: ChangeLogSearch } {
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const search = useMemo(() => readLogSearch(raw), [raw]);
  const change: ChangeLogSearch = useCallback(
    (next) => {
      const merge = (before: Record<string, unknown>): Record<string, unknown> => {
        const kept = Object.entries({ ...before, ...next }).filter(
          ([, value]) => value !== undefined && value !== "" && value !== false,
        );
        return Object.fromEntries(kept);
      };
      void navigate({ to: ".", search: merge, replace: true });
    },
    [navigate],
  );
  return { search, change };
}

/** The parts of the filter that stand in the URL. */
export function filterOf({ q, only, invert, levels, from, to }: LogSearch): Partial<LogFilter> {
  return {
    ...(q && only !== undefined ? { onlyMatches: { context: only, invert: invert ?? false } } : {}),
    ...(levels ? { levels: [...levels] } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

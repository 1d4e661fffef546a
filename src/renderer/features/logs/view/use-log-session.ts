import { useEffect, useMemo, useRef, useState } from "react";
import type { LogFilter, LogSourceSpec, Settings } from "#contract";
import { LogSession } from "../model/log-session.ts";
import { createLogStore } from "../model/log-state.ts";
import { filterOf, type LogSearch } from "../tools/use-log-search.ts";

function wholeFilter(settings: Settings, search: LogSearch): LogFilter {
  return {
    stdout: settings.logStreams !== "stderr",
    stderr: settings.logStreams !== "stdout",
    dividers: true,
    foldTraces: settings.logFoldTraces,
    ...filterOf(search),
  };
}

interface SessionOptions {
  readonly sources: readonly LogSourceSpec[];
  readonly settings: Settings;
  readonly search: LogSearch;
  /** Sources of the view that are hidden, by their index. */
  readonly hidden: ReadonlySet<number>;
}

/** Stands in while there is no session, so that hooks are the same at each turn. */
const idle = createLogStore();

/** The log view of a screen: open while it is mounted, and told whatever changes in settings and URL. */
export function useLogSession({ sources, settings, search, hidden }: SessionOptions): LogSession | undefined {
  const [session, setSession] = useState<LogSession>();
  const sourcesKey = JSON.stringify(sources);
  const hasSources = sources.length > 0;
  const filter = useMemo(() => wholeFilter(settings, search), [settings, search]);
  // Later sources and filters are told to the same session, below.
  const first = useRef({ sourcesKey, filter });
  first.current = { sourcesKey, filter };
  useEffect(() => {
    if (!hasSources) return;
    const opened = new LogSession(JSON.parse(first.current.sourcesKey), first.current.filter);
    setSession(opened);
    const close = opened.open();
    return () => {
      close();
      setSession(undefined);
    };
  }, [hasSources]);
  useEffect(() => {
    if (hasSources) session?.setSources(JSON.parse(sourcesKey));
  }, [session, sourcesKey, hasSources]);
  const known = (session?.store ?? idle)(({ status }) => status?.sources.map(({ index }) => index).join(",") ?? "");
  useEffect(() => {
    const all = known === "" ? [] : known.split(",").map(Number);
    const shown = all.filter((index) => !hidden.has(index));
    session?.setFilter(hidden.size > 0 ? { ...filter, sources: shown } : filter);
  }, [session, filter, hidden, known]);
  const { q, regex, case: caseSensitive } = search;
  useEffect(() => {
    session?.setSearch(q ? { text: q, regex: regex ?? false, caseSensitive: caseSensitive ?? false } : undefined);
  }, [session, q, regex, caseSensitive]);
  return session;
}

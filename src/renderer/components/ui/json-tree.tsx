import { ChevronRight } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "../../lib/classes.ts";
import { countMatches, type Json, matchingPaths } from "./json-search.ts";

interface NodeProps {
  readonly label: string;
  readonly value: Json;
  readonly path: string;
  readonly depth: number;
  readonly tree: TreeState;
}

interface TreeState {
  readonly query: string;
  /** Paths that lead to a match; undefined without a search. */
  readonly matching: ReadonlySet<string> | undefined;
  readonly toggled: ReadonlySet<string>;
  readonly allOpen: boolean;
  readonly toggle: (path: string) => void;
  readonly leafAction: LeafAction | undefined;
}

/** What can be done with a value, behind it. */
type LeafAction = (key: string, value: string | number | boolean | null) => ReactNode;

function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  const at = query ? text.toLowerCase().indexOf(query.toLowerCase()) : -1;
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark className="rounded-sm bg-mark text-ink">{text.slice(at, at + query.length)}</mark>
      {text.slice(at + query.length)}
    </>
  );
}

/** Large objects start closed, so that a long answer opens at once. */
const openEntries = 30;

function isOpen({ value, path, depth, tree: { matching, toggled, allOpen } }: NodeProps & { value: object }): boolean {
  const byDefault = matching ? matching.has(path) : allOpen || (depth < 2 && Object.keys(value).length <= openEntries);
  return toggled.has(path) ? !byDefault : byDefault;
}

function Leaf({ label, value, query }: { readonly label: string; readonly value: Json; readonly query: string }) {
  const text = JSON.stringify(value);
  return (
    <>
      <span className="text-muted">
        <Marked text={label} query={query} />:
      </span>{" "}
      <span className={classes("break-all select-text", value === null && "text-muted")}>
        <Marked text={text} query={query} />
      </span>
    </>
  );
}

function Node({ label, value, path, depth, tree }: NodeProps) {
  const { t } = useTranslation();
  if (tree.matching && !tree.matching.has(path)) return null;
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) {
    const shown = typeof value === "object" && value !== null ? (Array.isArray(value) ? "[]" : "{}") : undefined;
    return (
      <li className="group/leaf py-0.5 pl-5">
        {shown ? (
          <span className="text-muted">
            {label}: {shown}
          </span>
        ) : (
          <>
            <Leaf label={label} value={value} query={tree.query} />
            {typeof value !== "object" || value === null ? tree.leafAction?.(label, value) : null}
          </>
        )}
      </li>
    );
  }
  const entries = Object.entries(value);
  const open = isOpen({ label, value, path, depth, tree });
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => tree.toggle(path)}
        className="flex min-h-6 items-center gap-1 rounded-sm pr-1 hover:bg-hover"
      >
        <ChevronRight size={14} aria-hidden className={classes("shrink-0 text-muted", open && "rotate-90")} />
        <Marked text={label} query={tree.query} />
        <span className="ml-1 text-faint">{t("json.items", { count: entries.length })}</span>
      </button>
      {open && (
        <ul className="ml-2 border-l border-line pl-2.5">
          {entries.map(([key, child]) => (
            <Node key={key} label={key} value={child} path={`${path}/${key}`} depth={depth + 1} tree={tree} />
          ))}
        </ul>
      )}
    </li>
  );
}

interface JsonTreeProps {
  readonly value: Json;
  readonly query: string;
  readonly allOpen: boolean;
  readonly leafAction?: LeafAction;
}

/** Any JSON as a tree; a search leaves what matches, and the way to it. */
export function JsonTree({ value, query, allOpen, leafAction }: JsonTreeProps) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const matching = useMemo(() => (query ? matchingPaths(value, query) : undefined), [value, query]);
  const toggle = (path: string): void => {
    setToggled((before) => {
      const next = new Set(before);
      if (!next.delete(path)) next.add(path);
      return next;
    });
  };
  const tree: TreeState = { query, matching, toggled, allOpen, toggle, leafAction };
  if (typeof value !== "object" || value === null) return <Leaf label="" value={value} query={query} />;
  return (
    <ul className="font-mono text-sm">
      {Object.entries(value).map(([key, child]) => (
        <Node key={key} label={key} value={child} path={`/${key}`} depth={0} tree={tree} />
      ))}
    </ul>
  );
}

/** How many keys and values a search finds. */
export function useMatchCount(value: Json, query: string): number {
  return useMemo(() => (query ? countMatches(value, query) : 0), [value, query]);
}

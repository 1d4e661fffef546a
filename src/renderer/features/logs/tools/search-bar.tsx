import { CaseSensitive, ChevronDown, ChevronUp, FlipVertical2, ListFilter, Regex } from "lucide-react";
import { type ComponentType, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../../components/ui/icon-button.tsx";
import { SearchField } from "../../../components/ui/search-field.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { classes } from "../../../lib/classes.ts";
import { formatNumber } from "../../../lib/format.ts";
import type { LogSession } from "../model/log-session.ts";
import type { ChangeLogSearch, LogSearch } from "./use-log-search.ts";

/** A search runs at each key but not at each of a quick word. */
const applyAfterMs = 90;
const contexts = [0, 1, 2, 3, 5, 10, 20] as const;

interface ToggleProps {
  readonly icon: ComponentType<{ size?: number | string; "aria-hidden"?: boolean }>;
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

function Toggle({ icon, label, on, onChange }: ToggleProps) {
  return (
    <IconButton
      icon={icon}
      label={label}
      aria-pressed={on}
      onClick={() => onChange(!on)}
      className="aria-pressed:bg-selected aria-pressed:text-accent"
    />
  );
}

function useCountWords(session: LogSession): string {
  const { t } = useTranslation("logs");
  const { query, matches, done, scanned, ordinal, invalid } = session.store((state) => state.search);
  if (!query || invalid) return "";
  const formatted = formatNumber(matches);
  if (!done && scanned < 1) return t("search.searching", { percent: Math.floor(scanned * 100) });
  if (matches === 0) return t("search.none");
  if (ordinal !== undefined) return t("search.of", { ordinal: formatNumber(ordinal), formatted });
  return t("search.count", { count: matches, formatted });
}

/** What is wrong with an expression, below the field and with the place marked. */
export function SearchTrouble({ session, id }: { readonly session: LogSession; readonly id: string }) {
  const { t } = useTranslation("logs");
  const { query, invalid, stopped } = session.store((state) => state.search);
  if (invalid && query) {
    const { reason, position } = invalid;
    const at = position === undefined ? undefined : Math.min(position, query.text.length);
    return (
      <p
        id={id}
        role="alert"
        className="flex flex-wrap items-baseline gap-x-2 border-b border-line bg-failed-tint px-4 py-1 text-failed"
      >
        {at === undefined ? t("search.invalid", { reason }) : t("search.invalidAt", { position: at + 1, reason })}
        {at !== undefined && (
          <code className="font-mono text-sm whitespace-pre text-ink">
            {query.text.slice(0, at)}
            <span className="border-b-2 border-failed bg-failed/15">{query.text.slice(at, at + 1) || " "}</span>
            {query.text.slice(at + 1)}
          </code>
        )}
      </p>
    );
  }
  if (!stopped) return null;
  return (
    <p id={id} role="alert" className="border-b border-line bg-paused-tint px-4 py-1 text-paused">
      {t("search.stopped")}
    </p>
  );
}

interface SearchBarProps {
  readonly session: LogSession;
  readonly search: LogSearch;
  readonly onChange: ChangeLogSearch;
  readonly troubleId: string;
}

function OnlyMatches({ search, onChange }: Pick<SearchBarProps, "search" | "onChange">) {
  const { t } = useTranslation("logs");
  const options = contexts.map((count) => ({
    value: String(count),
    label: count === 0 ? t("search.contextNone") : t("search.contextOption", { count }),
  }));
  return (
    <>
      <Toggle
        icon={ListFilter}
        label={t("search.only")}
        on={search.only !== undefined}
        onChange={(on) => onChange(on ? { only: 0 } : { only: undefined, invert: undefined })}
      />
      {search.only !== undefined && (
        <>
          <Toggle
            icon={FlipVertical2}
            label={t("search.invert")}
            on={search.invert === true}
            onChange={(invert) => onChange({ invert })}
          />
          <Select
            label={t("search.context")}
            value={String(search.only)}
            options={options}
            onChange={(only) => onChange({ only: Number(only) })}
          />
        </>
      )}
    </>
  );
}

/** The search: what is typed runs at once, Enter goes from match to match. */
export function SearchBar({ session, search, onChange, troubleId }: SearchBarProps) {
  const { t } = useTranslation("logs");
  const [text, setText] = useState(search.q ?? "");
  const applied = useRef(search.q ?? "");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const countId = useId();
  const words = useCountWords(session);
  const isInvalid = session.store((state) => state.search.invalid !== undefined);
  useEffect(() => {
    // Set from elsewhere: a field of a line's JSON, the way back.
    if ((search.q ?? "") === applied.current) return;
    applied.current = search.q ?? "";
    setText(applied.current);
  }, [search.q]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const apply = (next: string): void => {
    clearTimeout(timer.current);
    applied.current = next;
    onChange({ q: next });
  };
  const type = (next: string): void => {
    setText(next);
    clearTimeout(timer.current);
    if (next === "") apply(next);
    else timer.current = setTimeout(() => apply(next), applyAfterMs);
  };
  const onEnter = ({ shiftKey }: KeyboardEvent): void => {
    if (text !== applied.current) apply(text);
    else void session.search.step(shiftKey ? "previous" : "next");
  };
  return (
    <search className="flex min-w-0 flex-wrap items-center gap-0.5">
      <SearchField
        main
        label={t("search.label")}
        value={text}
        onChange={type}
        onEnter={onEnter}
        className={classes("w-56 rounded-md lg:w-72", isInvalid && "outline-2 outline-failed")}
      />
      <Toggle
        icon={CaseSensitive}
        label={t("search.case")}
        on={search.case === true}
        onChange={(on) => onChange({ case: on })}
      />
      <Toggle
        icon={Regex}
        label={t("search.regex")}
        on={search.regex === true}
        onChange={(on) => onChange({ regex: on })}
      />
      {search.q && (
        <>
          <span
            id={countId}
            role="status"
            aria-describedby={isInvalid ? troubleId : undefined}
            className="px-1.5 whitespace-nowrap text-muted"
          >
            {words}
          </span>
          <IconButton
            icon={ChevronUp}
            label={t("search.previous")}
            onClick={() => void session.search.step("previous")}
          />
          <IconButton icon={ChevronDown} label={t("search.next")} onClick={() => void session.search.step("next")} />
          <OnlyMatches search={search} onChange={onChange} />
        </>
      )}
    </search>
  );
}

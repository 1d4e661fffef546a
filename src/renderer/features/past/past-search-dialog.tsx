import { Link } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../components/ui/button.tsx";
import { Checkbox } from "../../components/ui/checkbox.tsx";
import { Dialog } from "../../components/ui/dialog.tsx";
import { inputLook } from "../../components/ui/text-field.tsx";
import { formatTime } from "../../lib/format.ts";
import { type PastMatch, type PastSearch, usePastSearch } from "./use-past-search.ts";

/** Escape sequences and other control characters would only show as boxes in a sample. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
  return text.replace(/\x1b\[[0-9;:]*m|[\x00-\x08\x0b-\x1f\x7f]/g, "");
}

function Found({
  match: { name, matches, samples },
  onOpen,
}: {
  readonly match: PastMatch;
  readonly onOpen: () => void;
}) {
  const { t } = useTranslation("past");
  const more = matches - samples.length;
  return (
    <li className="border-b border-line px-2.5 py-2 last:border-b-0">
      <p className="flex justify-between gap-3">
        <Link
          to="/logs"
          search={{ past: [name] }}
          onClick={onOpen}
          className="min-w-0 truncate font-medium text-link hover:underline"
        >
          {name}
        </Link>
        <span className="shrink-0 text-muted">{t("lines", { count: matches })}</span>
      </p>
      <ul>
        {samples.map(({ at, text }, index) => (
          // Lines have no names of their own, and this list never changes.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={index} className="flex gap-3 text-sm">
            <time className="shrink-0 text-muted" dateTime={new Date(at).toISOString()}>
              {formatTime(at)}
            </time>
            <span className="min-w-0 truncate font-mono select-text" data-tip-cut="">
              {plain(text)}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="text-sm text-muted">{t("find.more", { count: more })}</p>}
    </li>
  );
}

function summaryOf(
  { text, found, busy, error }: PastSearch,
  t: ReturnType<typeof useTranslation<"past">>["t"],
): string {
  if (text === undefined) return "";
  if (error) return `${t("find.failed")}: ${error.message}`;
  if (busy && found.length === 0) return t("find.searching");
  if (found.length === 0) return t("find.none", { text });
  const names = t("find.names", { count: found.length });
  return t("find.found", { count: found.reduce((sum, { matches }) => sum + matches, 0), names });
}

/** Finds a text in everything that is kept. */
export function PastSearchDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation("past");
  const [text, setText] = useState("");
  const [caseSensitive, setCaseSensitive] = useState(false);
  const search = usePastSearch();
  const field = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text !== "") search.start(text, caseSensitive);
  };
  return (
    <Dialog open onClose={onClose} title={t("find.title")} wide initialFocus={field}>
      <form onSubmit={submit} className="flex flex-wrap items-center gap-2">
        <input
          ref={field}
          type="search"
          aria-label={t("find.label")}
          placeholder={t("find.placeholder")}
          value={text}
          maxLength={1000}
          onChange={(event) => setText(event.target.value)}
          className={`${inputLook} min-w-40 flex-1`}
        />
        <Checkbox checked={caseSensitive} onChange={setCaseSensitive}>
          {t("find.caseSensitive")}
        </Checkbox>
        <Button type="submit" tone="primary" busy={search.busy}>
          {t("find.start")}
        </Button>
      </form>
      <p role="status" className={search.error ? "text-failed" : "text-muted"}>
        {summaryOf(search, t)}
      </p>
      {search.found.length > 0 && (
        <ul
          aria-label={t("find.title")}
          // A list that scrolls must be reachable by keyboard.
          tabIndex={0}
          className="max-h-[50vh] overflow-y-auto rounded-md border border-line"
        >
          {search.found.map((match) => (
            <Found key={match.name} match={match} onOpen={onClose} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

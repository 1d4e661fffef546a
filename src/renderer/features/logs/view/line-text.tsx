import { memo } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "../../../lib/classes.ts";
import { openExternal } from "../../../lib/external.ts";
import { type LinePart, lineParts } from "../text/line-parts.ts";
import { styleCss } from "../text/style-css.ts";

function Dropped({ what }: { readonly what: string }) {
  const { t } = useTranslation("logs");
  // Drawn by the style sheet, so that it is no text: it is not selected, copied or counted.
  return <span data-tip={t("row.dropped", { what })} data-dropped="" className="dropped" />;
}

function Part({ part }: { readonly part: LinePart }) {
  if (part.kind === "dropped") return <Dropped what={part.text} />;
  const css = styleCss(part.style);
  const { url } = part;
  if (url) {
    return (
      <a
        href={url}
        tabIndex={-1}
        rel="noreferrer"
        onClick={(event) => {
          event.preventDefault();
          void openExternal(url);
        }}
        className={classes("text-link underline decoration-current/40 underline-offset-2", part.hit && "hit-mark")}
      >
        {part.text}
      </a>
    );
  }
  if (part.hit) {
    return (
      <mark style={css} className="hit-mark">
        {part.text}
      </mark>
    );
  }
  return css ? <span style={css}>{part.text}</span> : part.text;
}

interface LineTextProps {
  readonly raw: string;
  readonly hits: readonly (readonly [number, number])[];
}

/** The text of a line: coloured as the program wished, what the search found marked, links to click. */
export const LineText = memo(function LineText({ raw, hits }: LineTextProps) {
  return lineParts(raw, hits).map((part) => <Part key={part.at} part={part} />);
});

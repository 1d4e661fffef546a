import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { rowText } from "../model/copy-lines.ts";
import type { LogSession } from "../model/log-session.ts";
import { shortTime } from "../text/time-format.ts";

/** Keys that are held down move through many lines; only where one stops is read out. */
const quietMs = 200;

/** Reads out the line that one has moved to by keyboard. New lines are never read out by themselves. */
export function ActiveLine({ session }: { readonly session: LogSession }) {
  const { t } = useTranslation("logs");
  const active = session.store((state) => state.active);
  const [words, setWords] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => {
      const row = active && session.window.row(active.position);
      const text = row && rowText(row, undefined);
      setWords(
        row && text !== undefined ? t("row.at", { time: shortTime(row.time, "local"), text: text.slice(0, 300) }) : "",
      );
    }, quietMs);
    return () => clearTimeout(timer);
  }, [active, session, t]);
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {words}
    </p>
  );
}

import i18next from "i18next";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { copyAndTell } from "../../../lib/clipboard.ts";
import { notify, reportError } from "../../../lib/notify.ts";
import { readText, textAtHand } from "../model/copy-lines.ts";
import type { LogSession } from "../model/log-session.ts";
import type { TextRange } from "../model/row-selection.ts";
import { readSelection, showSelection } from "./dom-selection.ts";

/** Puts the text of a range on the clipboard, also of rows that are not drawn. */
export async function copyRange(session: LogSession, range: TextRange): Promise<void> {
  try {
    const read = await readText(session, range);
    if (read) await copyAndTell(read.text);
    else notify({ title: i18next.t("logs:tools.tooMuch") });
  } catch (error) {
    reportError(error);
  }
}

/**
 * Keeps a selection of text over rows that move, come and go. While one selects, the log stands still; the selection
 * then holds its lines, also out of sight, until one clicks elsewhere.
 */
export function useRowSelection(session: LogSession, rows: RefObject<HTMLDivElement | null>) {
  const selected = useRef<TextRange>(undefined);
  const isSelecting = useRef(false);

  const select = useCallback(
    (range: TextRange | undefined) => {
      selected.current = range;
      if (rows.current && range) showSelection(rows.current, range);
    },
    [rows],
  );

  useLayoutEffect(() => {
    const range = selected.current;
    if (!range || !rows.current) return;
    if (range.epoch === session.window.epoch) showSelection(rows.current, range);
    else selected.current = undefined;
  });

  useEffect(() => {
    const onChange = (): void => {
      const root = rows.current;
      // Changes that no one made by hand come from rows that were taken away, and are put right when drawing.
      if (!isSelecting.current || !root) return;
      const read = readSelection(root);
      if (!read) return;
      session.window.release();
      const known = selected.current;
      const { epoch } = session.window;
      // Its beginning may be far out of sight by now; what the page calls so is only the nearest row.
      const anchor = known?.epoch === epoch && isDragging.current ? known.anchor : read.anchor;
      isDragging.current = true;
      selected.current = { epoch, anchor, focus: read.focus };
    };
    const isDragging = { current: false };
    const onDown = (event: PointerEvent): void => {
      const inRows = event.target instanceof Node && rows.current?.contains(event.target) === true;
      if (event.button !== 0) return;
      isSelecting.current = inRows;
      isDragging.current = inRows && event.shiftKey;
      if (!event.shiftKey) selected.current = undefined;
    };
    const onUp = (): void => {
      // The last change of the selection is told after the pointer went up.
      setTimeout(() => {
        isSelecting.current = false;
      });
    };
    document.addEventListener("selectionchange", onChange);
    document.addEventListener("pointerdown", onDown, true);
    document.addEventListener("pointerup", onUp, true);
    return () => {
      document.removeEventListener("selectionchange", onChange);
      document.removeEventListener("pointerdown", onDown, true);
      document.removeEventListener("pointerup", onUp, true);
    };
  }, [session, rows]);

  const onCopy = useCallback(
    (event: React.ClipboardEvent) => {
      const range = selected.current;
      if (!range) return;
      event.preventDefault();
      const text = textAtHand(session, range);
      if (text !== undefined) event.clipboardData.setData("text/plain", text);
      else void copyRange(session, range);
    },
    [session],
  );
  return { selected, select, onCopy };
}

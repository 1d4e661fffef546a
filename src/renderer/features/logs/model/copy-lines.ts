import { client } from "../../../lib/client.ts";
import { plainText } from "../text/ansi.ts";
import type { LogSession } from "./log-session.ts";
import { decodeLine, decodeRows, keyOf, type LogRow } from "./row.ts";
import { covered, ordered, type TextRange } from "./row-selection.ts";

/** Rows of one request. */
const batchRows = 2000;
/** Beyond this a file serves better than the clipboard. */
export const mostCopiedChars = 64 << 20;

/** What a row shows, as one would type it: no colours, no times, no markers. Dividers say nothing. */
export function rowText(row: LogRow, whole: string | undefined): string | undefined {
  return row.mark ? undefined : plainText(whole ?? row.raw);
}

/** Text of a selection whose rows are all at hand; undefined where some are not. */
export function textAtHand(session: LogSession, range: TextRange): string | undefined {
  const { from, to } = ordered(range);
  if (to.position - from.position > batchRows) return undefined;
  const { whole } = session.store.getState();
  const texts: string[] = [];
  for (let position = from.position; position <= to.position; position += 1) {
    const row = session.window.row(position);
    if (!row) return undefined;
    if (row.isCut && !whole.has(keyOf(row)) && position !== to.position) return undefined;
    const text = rowText(row, whole.get(keyOf(row)));
    const part = text === undefined ? undefined : covered(range, position, text);
    if (part !== undefined) texts.push(part);
  }
  return texts.join("\n");
}

async function wholeText(view: string, row: LogRow, known: string | undefined): Promise<string | undefined> {
  if (!row.isCut || known !== undefined) return rowText(row, known);
  const { bytes } = await client.logs.line({ view, id: { source: row.source, line: row.line } });
  return rowText(row, decodeLine(bytes));
}

/** Reads the text of rows from the engine; undefined where it is too much to copy. */
export async function readText(
  session: LogSession,
  range: TextRange,
): Promise<{ text: string; lines: number } | undefined> {
  const { view } = session;
  const { from, to } = ordered(range);
  const texts: string[] = [];
  let chars = 0;
  for (let at = from.position; view !== undefined && at <= to.position; ) {
    const answer = await client.logs.rows({ view, from: at, count: Math.min(batchRows, to.position + 1 - at) });
    if (answer.epoch !== range.epoch || answer.ends.length === 0) break;
    for (const row of decodeRows(answer)) {
      const text = await wholeText(view, row, session.store.getState().whole.get(keyOf(row)));
      const part = text === undefined ? undefined : covered(range, row.position, text);
      if (part === undefined) continue;
      texts.push(part);
      chars += part.length + 1;
    }
    if (chars > mostCopiedChars) return undefined;
    at = answer.from + answer.ends.length;
  }
  return { text: texts.join("\n"), lines: texts.length };
}

/** All rows that are shown. */
export function everything(session: LogSession): TextRange {
  const { epoch, rows } = session.window;
  const focus = { position: rows.end - 1, offset: Number.POSITIVE_INFINITY };
  return { epoch, anchor: { position: rows.first, offset: 0 }, focus };
}

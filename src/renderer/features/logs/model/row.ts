import { type LogMark, type LogRows, logMark } from "#contract";

export interface LogRow {
  readonly position: number;
  readonly source: number;
  readonly line: number;
  /** 0 divider, 1 stdout, 2 stderr. */
  readonly stream: number;
  /** Index into `logLevels`. */
  readonly level: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** As the container wrote it, escapes included; of a divider empty. */
  readonly raw: string;
  /** Of the whole line; more than what is here where `isCut`. */
  readonly lengthBytes: number;
  readonly isCut: boolean;
  readonly matched: boolean;
  readonly folded: number;
  readonly isBroken: boolean;
  /** Ranges of `raw` that the search found. */
  readonly hits: readonly (readonly [number, number])[];
  readonly mark: LogMark | undefined;
}

/** A line as long as its view lives. */
export type LineKey = `${number}:${number}`;

export function keyOf({ source, line }: { readonly source: number; readonly line: number }): LineKey {
  return `${source}:${line}`;
}

// Without `ignoreBOM` an invisible character would be missing, and every highlight behind it one off.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export const decodeLine = (bytes: Uint8Array): string => decoder.decode(bytes);

function markOf(text: string): LogMark | undefined {
  try {
    return logMark.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Rows of an answer, each on its own. */
export function decodeRows(rows: LogRows): LogRow[] {
  const hits = new Map<number, [number, number][]>();
  for (const [row, start, end] of rows.highlights) {
    const list = hits.get(row);
    if (list) list.push([start, end]);
    else hits.set(row, [[start, end]]);
  }
  let start = 0;
  return rows.ends.map((end, index) => {
    const text = decodeLine(rows.bytes.subarray(start, end));
    const lengthBytes = rows.lengths[index] ?? 0;
    const isDivider = rows.streams[index] === 0;
    const row: LogRow = {
      position: rows.from + index,
      source: rows.sources[index] ?? 0,
      line: rows.lines[index] ?? 0,
      stream: rows.streams[index] ?? 1,
      level: rows.levels[index] ?? 0,
      time: rows.times[index] ?? 0,
      raw: isDivider ? "" : text,
      lengthBytes,
      isCut: lengthBytes > end - start,
      matched: rows.matched[index] ?? false,
      folded: rows.folded[index] ?? 0,
      isBroken: rows.broken[index] ?? false,
      hits: hits.get(index) ?? [],
      mark: isDivider ? markOf(text) : undefined,
    };
    start = end;
    return row;
  });
}

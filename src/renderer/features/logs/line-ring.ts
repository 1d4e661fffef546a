import type { LogItem } from "#contract";

export type TailRow =
  | { readonly kind: "line"; readonly key: number; readonly text: string; readonly source: 1 | 2 }
  | { readonly kind: "mark"; readonly key: number; readonly mark: "stopped" | "removed" | "engine" | "restarted" };

/** The newest rows of a log, at most `capacity`; older ones give way. */
export interface LineRing {
  readonly rows: readonly TailRow[];
  /** Rows that ever came; the key of the next one. */
  readonly total: number;
}

export const emptyRing: LineRing = { rows: [], total: 0 };

// One a line: every line is whole, so a character cut in two is the container's own doing and is marked as such.
const decoder = new TextDecoder("utf-8");

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.)/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const bidirectional = /[\u202a-\u202e\u2066-\u2069]/g;

/** Text of a line without what would move or hide other text; the full viewer shows colours. */
function plainText(bytes: Uint8Array): string {
  return decoder.decode(bytes).replace(escapes, "").replace(controls, "").replace(bidirectional, "\ufffd");
}

function rowsOf(item: LogItem, firstKey: number): TailRow[] {
  if (item.kind === "lines") {
    let start = 0;
    return item.ends.map((end, index) => {
      const text = plainText(item.bytes.subarray(start, end));
      start = end;
      return { kind: "line", key: firstKey + index, text, source: item.sources[index] ?? 1 };
    });
  }
  if (item.kind === "ended") return [{ kind: "mark", key: firstKey, mark: item.reason }];
  if (item.kind === "restarted") return [{ kind: "mark", key: firstKey, mark: "restarted" }];
  return [];
}

/** The ring after items have come. */
export function appendItems(ring: LineRing, items: readonly LogItem[], capacity: number): LineRing {
  const added: TailRow[] = [];
  for (const item of items) added.push(...rowsOf(item, ring.total + added.length));
  if (added.length === 0) return ring;
  return { rows: [...ring.rows, ...added].slice(-capacity), total: ring.total + added.length };
}

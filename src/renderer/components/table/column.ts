import type { ReactNode } from "react";

/** One column of a list. */
export interface DataColumn<T> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  /** Makes the column sortable. What is undefined comes last. */
  readonly sortBy?: (row: T) => string | number | undefined;
  /** A CSS grid track: `minmax(160px, 2fr)`. */
  readonly width: string;
  /** Numbers stand at the end. */
  readonly align?: "end";
  /** Cannot be hidden: the name. */
  readonly fixed?: boolean;
  /** Hidden until the user asks for it. */
  readonly hidden?: boolean;
  /** Shown only where the list is at least this wide, in px: what matters less gives way in a narrow window. */
  readonly from?: number;
}

/** How a list is sorted, as it stands in the URL: a column's id, with `-` before it for descending. */
export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export function parseSort(text: string): Sort {
  return text.startsWith("-") ? { column: text.slice(1), descending: true } : { column: text, descending: false };
}

/** The sort after a click on a header: ascending first, then descending. */
export function nextSort(current: string, column: string): string {
  return current === column ? `-${column}` : column;
}

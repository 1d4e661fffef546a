import type { ReactNode } from "react";

interface SectionProps {
  readonly title: string;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

/** One part of the overview under its heading. */
export function Section({ title, tools, children }: SectionProps) {
  return (
    <section aria-label={title} className="border-b border-line px-4 py-3 last:border-b-0">
      <div className="mb-1.5 flex min-h-6 items-center gap-2">
        <h2 className="font-medium">{title}</h2>
        {tools}
      </div>
      {children}
    </section>
  );
}

/** Names and values side by side. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="grid grid-cols-[minmax(120px,max-content)_1fr] gap-x-6 gap-y-1">{children}</dl>;
}

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
}

export function Fact({ name, children }: FactProps) {
  return (
    <>
      <dt className="py-0.5 leading-6 text-muted">{name}</dt>
      <dd className="min-w-0 py-0.5 leading-6 select-text">{children}</dd>
    </>
  );
}

interface RowsProps<T> {
  readonly label: string;
  readonly headers: readonly string[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly cells: (row: T) => readonly ReactNode[];
  readonly none: string;
}

/** A small table, or the sentence that there is nothing. */
export function Rows<T>({ label, headers, rows, keyOf, cells, none }: RowsProps<T>) {
  if (rows.length === 0) return <p className="text-muted">{none}</p>;
  return (
    <div role="group" aria-label={label} tabIndex={0} className="overflow-x-auto">
      <table className="w-full border-collapse text-left">
        <thead>
          <tr>
            {headers.map((header) => (
              <th key={header} scope="col" className="py-1 pr-6 text-sm font-normal whitespace-nowrap text-muted">
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-t border-line align-top">
              {cells(row).map((cell, index) => (
                <td key={headers[index]} className="max-w-100 py-1 pr-6">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

import { classes } from "../../lib/classes.ts";
import { formatNumber } from "../../lib/format.ts";

export interface FilterOption {
  readonly id: string;
  readonly label: string;
  readonly count: number;
}

interface FilterBarProps {
  readonly label: string;
  readonly options: readonly FilterOption[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** Filters side by side, each with its count. */
export function FilterBar({ label, options, value, onChange }: FilterBarProps) {
  return (
    <div role="group" aria-label={label} className="flex flex-wrap items-center gap-0.5">
      {options.map(({ id, label: text, count }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === value}
          onClick={() => onChange(id)}
          className={classes(
            "flex h-7 items-center gap-1.5 rounded-md px-2 whitespace-nowrap select-none",
            id === value ? "bg-active font-medium text-ink" : "text-muted hover:bg-hover hover:text-ink",
          )}
        >
          {text} <span className="text-sm text-muted">{formatNumber(count)}</span>
        </button>
      ))}
    </div>
  );
}

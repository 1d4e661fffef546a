import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "../../lib/classes.ts";

interface CheckboxProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** Accessible name where there is no text beside it. */
  readonly label?: string;
  readonly indeterminate?: boolean;
  readonly children?: ReactNode;
  readonly className?: string;
  readonly tabIndex?: number;
}

/** A tick, with its text as children. The browser's own control: a list has one in each row, so it must be light. */
export function Checkbox({ checked, onChange, label, indeterminate, children, className, tabIndex }: CheckboxProps) {
  const Mark = indeterminate ? Minus : Check;
  const box = (
    <span className="relative flex size-4 shrink-0">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        ref={(input) => {
          if (input) input.indeterminate = indeterminate ?? false;
        }}
        aria-label={label}
        tabIndex={tabIndex}
        className="m-0 size-4 appearance-none rounded-sm border border-control bg-surface checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent"
      />
      {(checked || indeterminate) && (
        <Mark
          size={12}
          strokeWidth={3}
          aria-hidden
          className="pointer-events-none absolute inset-0 m-auto text-on-accent forced-colors:text-current"
        />
      )}
    </span>
  );
  if (children === undefined) return box;
  return (
    <label className={classes("flex min-h-6 items-center gap-2", className)}>
      {box}
      {children}
    </label>
  );
}

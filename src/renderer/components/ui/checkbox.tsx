import { Checkbox as Base } from "@base-ui/react/checkbox";
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

/** A tick, with its text as children. */
export function Checkbox({ checked, onChange, label, indeterminate, children, className, tabIndex }: CheckboxProps) {
  const box = (
    <Base.Root
      checked={checked}
      onCheckedChange={onChange}
      indeterminate={indeterminate ?? false}
      aria-label={label}
      tabIndex={tabIndex}
      className="flex size-4 shrink-0 items-center justify-center rounded-sm border border-control bg-surface data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent"
    >
      <Base.Indicator className="text-on-accent">
        {indeterminate ? (
          <Minus size={12} strokeWidth={3} aria-hidden />
        ) : (
          <Check size={12} strokeWidth={3} aria-hidden />
        )}
      </Base.Indicator>
    </Base.Root>
  );
  if (children === undefined) return box;
  return (
    <label className={classes("flex min-h-6 items-center gap-2", className)}>
      {box}
      {children}
    </label>
  );
}

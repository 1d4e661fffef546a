import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import { classes } from "../../lib/classes.ts";

export interface SelectOption<V extends string> {
  readonly value: V;
  readonly label: string;
}

interface SelectProps<V extends string> {
  readonly label: string;
  /** Shows the label above; otherwise it is only the accessible name. */
  readonly showLabel?: boolean;
  readonly value: V;
  readonly options: readonly SelectOption<V>[];
  readonly onChange: (value: V) => void;
  readonly className?: string;
  readonly disabled?: boolean;
}

/** One of a few, from a list that drops down. */
export function Select<V extends string>({
  label,
  showLabel,
  value,
  options,
  onChange,
  className,
  disabled,
}: SelectProps<V>) {
  return (
    <Base.Root
      items={[...options]}
      value={value}
      disabled={disabled ?? false}
      onValueChange={(next) => next !== null && onChange(next)}
    >
      <div className={classes("flex flex-col gap-1", className)}>
        <Base.Label className={showLabel ? "font-medium" : "sr-only"}>{label}</Base.Label>
        <Base.Trigger className="flex h-7 w-full min-w-28 items-center justify-between gap-2 rounded-md border border-control/60 bg-raised px-2 select-none hover:bg-hover data-disabled:text-disabled">
          <Base.Value className="truncate" />
          <Base.Icon>
            <ChevronsUpDown size={13} aria-hidden className="text-muted" />
          </Base.Icon>
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} collisionPadding={8} className="z-50">
          <Base.Popup className="popup min-w-(--anchor-width)">
            <Base.List className="max-h-(--available-height) overflow-y-auto py-1">
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  className="mx-1 grid min-h-7 grid-cols-[16px_1fr] items-center gap-2 rounded-sm px-2 outline-none select-none data-highlighted:bg-hover"
                >
                  <Base.ItemIndicator className="col-start-1">
                    <Check size={13} aria-hidden />
                  </Base.ItemIndicator>
                  <Base.ItemText className="col-start-2">{option.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

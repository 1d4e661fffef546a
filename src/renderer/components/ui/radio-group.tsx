import { Radio } from "@base-ui/react/radio";
import { RadioGroup as Base } from "@base-ui/react/radio-group";
import { useId } from "react";
import { classes } from "../../lib/classes.ts";

export interface RadioOption<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly hint?: string | undefined;
}

interface RadioGroupProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly RadioOption<V>[];
  readonly onChange: (value: V) => void;
  /** Side by side, as one segmented control. */
  readonly segmented?: boolean;
}

/** One of a few, all in sight. */
export function RadioGroup<V extends string>({ label, value, options, onChange, segmented }: RadioGroupProps<V>) {
  const id = useId();
  return (
    <Base
      aria-label={label}
      value={value}
      onValueChange={onChange}
      className={
        segmented
          ? "inline-flex shrink-0 self-start rounded-md border border-control/60 bg-sunken p-px"
          : "flex flex-col"
      }
    >
      {options.map((option) =>
        segmented ? (
          <Radio.Root
            key={option.value}
            value={option.value}
            className="flex h-6 items-center rounded-sm px-2.5 text-muted select-none hover:text-ink data-checked:bg-raised data-checked:font-medium data-checked:text-ink data-checked:shadow-raised"
          >
            {option.label}
          </Radio.Root>
        ) : (
          <label
            key={option.value}
            className={classes("flex items-start gap-2.5 rounded-md px-2 py-1.5 hover:bg-hover")}
          >
            <Radio.Root
              value={option.value}
              aria-describedby={option.hint ? `${id}-${option.value}` : undefined}
              className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-control bg-surface data-checked:border-accent"
            >
              <Radio.Indicator className="size-2 rounded-full bg-accent" />
            </Radio.Root>
            <span className="min-w-0">
              {option.label}
              {option.hint && (
                <span id={`${id}-${option.value}`} className="block text-sm wrap-anywhere text-muted">
                  {option.hint}
                </span>
              )}
            </span>
          </label>
        ),
      )}
    </Base>
  );
}

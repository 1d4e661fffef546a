import { type ChangeEvent, type ComponentProps, type ReactNode, useId } from "react";
import { classes } from "../../lib/classes.ts";

export const inputLook =
  "h-7 w-full rounded-md border border-control bg-surface px-2 text-ink outline-offset-0 aria-invalid:border-failed";

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly note?: string | undefined;
  /** Gets the ids that tie the control to its label and texts. */
  readonly children: (ids: { id: string; describedBy: string | undefined }) => ReactNode;
}

/** A label, a control, and below it the error or the hint. */
export function Field({ label, hint, error, note, children }: FieldProps) {
  const id = useId();
  const text = error ?? hint;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
        {note && <span className="ml-1.5 font-normal text-muted">{note}</span>}
      </label>
      {children({ id, describedBy: text ? `${id}-text` : undefined })}
      {text && (
        <p
          id={`${id}-text`}
          className={classes("text-sm", error ? "text-failed" : "text-muted")}
          role={error ? "alert" : undefined}
        >
          {text}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends Omit<ComponentProps<"input">, "onChange" | "value"> {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly note?: string | undefined;
  readonly mono?: boolean;
  readonly value?: string;
  readonly onChange?: (value: string) => void;
  /** The change event itself, for a form library. */
  readonly nativeChange?: (event: ChangeEvent<HTMLInputElement>) => unknown;
}

export function TextField(props: TextFieldProps) {
  const { label, hint, error, note, mono, onChange, nativeChange, className, ...rest } = props;
  return (
    <Field label={label} hint={hint} error={error} note={note}>
      {({ id, describedBy }) => (
        <input
          type="text"
          spellCheck={false}
          autoCapitalize="off"
          {...rest}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy}
          onChange={(event) => {
            onChange?.(event.target.value);
            nativeChange?.(event);
          }}
          className={classes(inputLook, mono && "font-mono text-sm", className)}
        />
      )}
    </Field>
  );
}

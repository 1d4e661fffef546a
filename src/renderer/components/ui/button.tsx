import type { ComponentProps, ComponentType, ReactNode } from "react";
import { classes } from "../../lib/classes.ts";
import { Spinner } from "./spinner.tsx";

export type ButtonTone = "primary" | "plain" | "quiet" | "danger";

const tones: Readonly<Record<ButtonTone, string>> = {
  primary: "bg-accent text-on-accent border-transparent hover:bg-accent-hover",
  plain: "bg-raised text-ink border-control/60 hover:bg-hover active:bg-active",
  quiet: "bg-transparent text-ink border-transparent hover:bg-hover active:bg-active",
  danger: "bg-danger text-on-danger border-transparent hover:bg-danger-hover",
};

const disabledLook =
  "aria-disabled:bg-sunken aria-disabled:text-disabled aria-disabled:border-line aria-disabled:hover:bg-sunken";

export interface ButtonProps extends Omit<ComponentProps<"button">, "disabled"> {
  readonly tone?: ButtonTone;
  readonly icon?: ComponentType<{ size?: number | string; "aria-hidden"?: boolean }>;
  /** Off, with the reason as its tooltip. It stays focusable, so that the reason can be found by keyboard. */
  readonly disabledReason?: string | undefined;
  readonly busy?: boolean;
  readonly children?: ReactNode;
}

/** The text button. */
export function Button({ tone = "plain", icon: Icon, disabledReason, busy, className, onClick, ...rest }: ButtonProps) {
  const off = Boolean(disabledReason) || busy === true;
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      aria-description={disabledReason}
      data-tip={disabledReason ?? rest["data-tip" as keyof typeof rest]}
      onClick={(event) => (off ? event.preventDefault() : onClick?.(event))}
      className={classes(
        "inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-md border px-2.5 font-medium whitespace-nowrap select-none",
        tones[tone],
        disabledLook,
        className,
      )}
    >
      {busy ? <Spinner /> : Icon ? <Icon size={14} aria-hidden /> : null}
      {rest.children}
    </button>
  );
}

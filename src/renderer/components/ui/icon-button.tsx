import type { ComponentProps, ComponentType } from "react";
import { classes } from "../../lib/classes.ts";
import { Spinner } from "./spinner.tsx";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "disabled" | "children"> {
  readonly icon: ComponentType<{ size?: number | string; "aria-hidden"?: boolean }>;
  /** Its accessible name, and its tooltip. */
  readonly label: string;
  /** Shorter text for the tooltip, where the name repeats what one sees. */
  readonly tip?: string;
  readonly disabledReason?: string | undefined;
  readonly busy?: boolean;
  readonly danger?: boolean;
}

/** A button that shows an icon alone; its words are in its name and its tooltip. */
export function IconButton(props: IconButtonProps) {
  const { icon: Icon, label, tip, disabledReason, busy, danger, className, onClick, ...rest } = props;
  const off = Boolean(disabledReason) || busy === true;
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      aria-description={disabledReason}
      data-tip={disabledReason ?? tip ?? label}
      onClick={(event) => (off ? event.preventDefault() : onClick?.(event))}
      className={classes(
        "inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-muted select-none hover:bg-active hover:text-ink",
        danger && "hover:text-failed",
        "aria-disabled:text-disabled aria-disabled:hover:bg-transparent aria-disabled:hover:text-disabled",
        className,
      )}
    >
      {busy ? <Spinner /> : <Icon size={15} aria-hidden />}
    </button>
  );
}

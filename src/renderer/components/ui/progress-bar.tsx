import { classes } from "../../lib/classes.ts";

interface ProgressBarProps {
  readonly label: string;
  /** From 0 to 1; undefined where it is unknown. */
  readonly value: number | undefined;
  readonly className?: string;
}

/** How far something is; without a known end, a bar that only shows that it goes on. */
export function ProgressBar({ label, value, className }: ProgressBarProps) {
  const percent = value === undefined ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={classes("h-1.5 w-full overflow-hidden rounded-full bg-active", className)}
    >
      <div
        className={classes("h-full rounded-full bg-accent", percent === undefined && "w-1/3 animate-pulse")}
        style={percent === undefined ? undefined : { width: `${percent}%` }}
      />
    </div>
  );
}

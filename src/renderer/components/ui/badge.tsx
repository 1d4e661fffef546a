import type { ReactNode } from "react";
import { classes } from "../../lib/classes.ts";

export type BadgeTone = "neutral" | "running" | "paused" | "failed";

const tones: Readonly<Record<BadgeTone, string>> = {
  neutral: "bg-exited-tint text-muted",
  running: "bg-running-tint text-running",
  paused: "bg-paused-tint text-paused",
  failed: "bg-failed-tint text-failed",
};

interface BadgeProps {
  readonly tone?: BadgeTone;
  readonly tip?: string;
  readonly children: ReactNode;
}

/** A small word of its own: a tag, a mode, a count. */
export function Badge({ tone = "neutral", tip, children }: BadgeProps) {
  return (
    <span
      data-tip={tip}
      className={classes(
        "inline-flex shrink-0 items-center rounded-sm px-1.5 text-sm font-medium whitespace-nowrap",
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}

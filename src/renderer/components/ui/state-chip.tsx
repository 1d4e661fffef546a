import { classes } from "../../lib/classes.ts";
import { Spinner } from "./spinner.tsx";

/** Colour and shape of a state; the word comes from the one who shows it. */
export type StateTone = "running" | "paused" | "waiting" | "exited" | "created" | "failed" | "pending";

const colours: Readonly<Record<StateTone, string>> = {
  running: "text-running",
  paused: "text-paused",
  waiting: "text-paused",
  exited: "text-exited",
  created: "text-exited",
  failed: "text-failed",
  pending: "text-muted",
};

/** Each state has a shape of its own, so that it can be told without colour. */
export function StateShape({ tone }: { readonly tone: StateTone }) {
  if (tone === "pending") return <Spinner size={10} />;
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" fill="currentColor" aria-hidden="true" className="shrink-0">
      {tone === "running" && <circle cx="5" cy="5" r="4" />}
      {tone === "paused" && <path d="M1.5 1h2.6v8H1.5zM5.9 1h2.6v8H5.9z" />}
      {tone === "waiting" && (
        <path d="M5 1a4 4 0 1 0 4 4" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
      )}
      {tone === "exited" && <rect x="1.4" y="1.4" width="7.2" height="7.2" rx="1" />}
      {tone === "created" && <circle cx="5" cy="5" r="3.2" fill="none" stroke="currentColor" strokeWidth="1.6" />}
      {tone === "failed" && <path d="M5 .8 9.6 9.2H.4z" />}
    </svg>
  );
}

interface StateChipProps {
  readonly tone: StateTone;
  readonly label: string;
  readonly className?: string;
}

/** A state: shape, word and colour. */
export function StateChip({ tone, label, className }: StateChipProps) {
  return (
    <span className={classes("inline-flex min-w-0 items-center gap-1.5 font-medium", colours[tone], className)}>
      <StateShape tone={tone} />
      <span className="truncate">{label}</span>
    </span>
  );
}

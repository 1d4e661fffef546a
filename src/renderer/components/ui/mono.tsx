import { classes } from "../../lib/classes.ts";
import { CopyButton } from "./copy-button.tsx";

interface MonoProps {
  readonly text: string;
  /** With a copy button that is named after this. */
  readonly copyName?: string;
  readonly className?: string;
  /** Breaks over lines instead of an ellipsis. */
  readonly wrap?: boolean;
}

/** An id, a path, a command: in monospace, cut with the whole in a tooltip, or wrapped. */
export function Mono({ text, copyName, className, wrap }: MonoProps) {
  const body = (
    <span
      data-tip-cut={wrap ? undefined : ""}
      className={classes(
        "font-mono text-sm leading-[inherit] select-text",
        wrap ? "break-all whitespace-pre-wrap" : "block min-w-0 truncate",
        className,
      )}
    >
      {text}
    </span>
  );
  if (copyName === undefined) return body;
  return (
    <span className={classes("inline-flex max-w-full min-w-0 gap-1", wrap ? "items-start" : "items-center")}>
      <span className="min-w-0">{body}</span>
      <CopyButton text={text} name={copyName} />
    </span>
  );
}

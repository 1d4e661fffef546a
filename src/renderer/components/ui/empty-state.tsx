import type { ComponentType, ReactNode } from "react";
import { CommandLine } from "./command-line.tsx";

interface EmptyStateProps {
  readonly icon?: ComponentType<{ size?: number | string; strokeWidth?: number; "aria-hidden"?: boolean }>;
  readonly title: string;
  readonly body?: string | undefined;
  readonly action?: ReactNode;
  /** One line to copy. */
  readonly command?: string;
}

/** Nothing here yet, or nothing found: what this is, one action, one line to copy. */
export function EmptyState({ icon: Icon, title, body, action, command }: EmptyStateProps) {
  return (
    <div className="flex h-full min-h-60 flex-col items-center justify-center gap-3 p-6 text-center">
      {Icon && (
        <span className="text-faint">
          <Icon size={28} strokeWidth={1.4} aria-hidden />
        </span>
      )}
      <h2 className="text-lg font-medium">{title}</h2>
      {body && <p className="max-w-110 text-balance text-muted">{body}</p>}
      {action}
      {command && (
        <div className="max-w-full text-left">
          <CommandLine command={command} />
        </div>
      )}
    </div>
  );
}

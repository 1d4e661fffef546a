import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";

interface PageHeaderProps {
  /** The list that the page belongs to. */
  readonly back: { readonly to: string; readonly label: string };
  readonly title: string;
  /** What stands beside the title: state, badges, facts. */
  readonly children?: ReactNode;
  /** At the right end. */
  readonly actions?: ReactNode;
}

/** The first line of one object's page: the way back, its name, what it is, and what can be done with it. */
export function PageHeader({ back, title, children, actions }: PageHeaderProps) {
  return (
    <div className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2">
      {/* Together, so that a long name does not send the way back to a line of its own. */}
      <div className="flex min-w-0 items-center gap-x-3">
        <Link to={back.to} aria-label={back.label} className="hit -ml-1.5 flex items-center text-muted hover:text-ink">
          <ChevronLeft size={18} aria-hidden />
        </Link>
        <h1 data-tip-cut="" className="min-w-0 truncate text-lg font-medium">
          {title}
        </h1>
      </div>
      {children}
      <div className="ml-auto">{actions}</div>
    </div>
  );
}

import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useNow } from "../../hooks/use-now.ts";
import { formatAgo, formatTime } from "../../lib/format.ts";

/** Text that an ellipsis may cut; the tooltip has the whole. */
export function TextCell({
  text,
  mono,
  muted,
}: {
  readonly text: string;
  readonly mono?: boolean;
  readonly muted?: boolean;
}) {
  return (
    <span data-tip-cut="" className={`block truncate ${mono ? "font-mono text-sm" : ""} ${muted ? "text-muted" : ""}`}>
      {text}
    </span>
  );
}

/** How long ago, with the exact time as its tooltip. */
export function AgoCell({ timeMs }: { readonly timeMs: number | undefined }) {
  const { t } = useTranslation();
  const now = useNow();
  if (timeMs === undefined) return <span className="text-muted">{t("unknown")}</span>;
  return (
    <time dateTime={new Date(timeMs).toISOString()} data-tip={formatTime(timeMs)} className="block truncate text-muted">
      {formatAgo(timeMs, Math.max(now, timeMs))}
    </time>
  );
}

interface NameLinkProps {
  readonly to: string;
  readonly params: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The name of an object, leading to its page. */
export function NameLink({ to, params, text }: NameLinkProps) {
  return (
    <Link
      to={to}
      params={params}
      data-tip-cut=""
      tabIndex={-1}
      className="focus-inset block truncate rounded-sm font-medium text-ink hover:text-link hover:underline"
    >
      {text}
    </Link>
  );
}

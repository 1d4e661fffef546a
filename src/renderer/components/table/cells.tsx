import { useRouter } from "@tanstack/react-router";
import i18next from "i18next";
import type { MouseEvent } from "react";
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
  const now = useNow();
  if (timeMs === undefined) return <span className="text-muted">{i18next.t("unknown")}</span>;
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

/** A click that is to stay in this window. */
function isPlain({ button, ctrlKey, metaKey, shiftKey, altKey }: MouseEvent): boolean {
  return button === 0 && !ctrlKey && !metaKey && !shiftKey && !altKey;
}

/** The name of an object, leading to its page. A `Link` in each row would follow the address, which costs more than all else. */
export function NameLink({ to, params, text }: NameLinkProps) {
  const router = useRouter();
  return (
    <a
      href={router.history.createHref(
        to.replace(/\$(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? "")),
      )}
      onClick={(event) => {
        if (!isPlain(event)) return;
        event.preventDefault();
        void router.navigate({ to, params });
      }}
      data-tip-cut=""
      tabIndex={-1}
      className="focus-inset block truncate rounded-sm font-medium text-ink hover:text-link hover:underline"
    >
      {text}
    </a>
  );
}

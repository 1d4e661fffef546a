import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { classes } from "../../lib/classes.ts";

export interface TabLink {
  readonly id: string;
  readonly label: string;
  readonly to: string;
  readonly params: Readonly<Record<string, string>>;
  /** Present where the tab cannot be used now. */
  readonly disabledReason?: string | undefined;
}

interface TabLinksProps {
  readonly label: string;
  readonly tabs: readonly TabLink[];
  readonly current: string;
}

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** Tabs that are routes: each has a URL, the arrow keys move between them, and the panel is the route below. */
export function TabLinks({ label, tabs, current }: TabLinksProps) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const elements = [...(list.current?.querySelectorAll<HTMLElement>("[role=tab]:not([aria-disabled=true])") ?? [])];
    const at = elements.indexOf(document.activeElement as HTMLElement);
    const step = steps[event.key];
    const next =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? elements.length - 1
          : step
            ? (at + step + elements.length) % elements.length
            : -1;
    if (next < 0 || event.altKey || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    elements[next]?.focus();
    elements[next]?.click();
  };
  return (
    <div
      ref={list}
      role="tablist"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="flex gap-1 overflow-x-auto px-3"
    >
      {tabs.map((tab) => {
        const selected = tab.id === current;
        return (
          <Link
            key={tab.id}
            to={tab.to}
            params={tab.params}
            replace
            disabled={Boolean(tab.disabledReason)}
            role="tab"
            id={`tab-${tab.id}`}
            aria-selected={selected}
            aria-controls={selected ? `panel-${tab.id}` : undefined}
            data-tip={tab.disabledReason}
            tabIndex={selected ? 0 : -1}
            className={classes(
              "focus-inset -mb-px flex h-8 items-center border-b-2 px-2 whitespace-nowrap",
              selected ? "border-accent font-medium text-ink" : "border-transparent text-muted hover:text-ink",
              tab.disabledReason && "text-disabled",
            )}
          >
            {tab.label}
          </Link>
        );
      })}
    </div>
  );
}

interface TabPanelProps {
  readonly id: string;
  readonly children: ReactNode;
  readonly className?: string;
}

export function TabPanel({ id, children, className }: TabPanelProps) {
  return (
    <div
      role="tabpanel"
      id={`panel-${id}`}
      aria-labelledby={`tab-${id}`}
      className={classes("min-h-0 grow", className)}
    >
      {children}
    </div>
  );
}

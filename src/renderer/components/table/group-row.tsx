import { ChevronDown, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../ui/icon-button.tsx";
import type { RowGroup } from "./entries.ts";
import type { RowAction } from "./table-row.tsx";

/** How a list shows its groups. */
export interface GroupView<T> {
  readonly of: (row: T) => string | undefined;
  readonly summary: (group: RowGroup<T>) => ReactNode;
  readonly actionsOf?: (group: RowGroup<T>) => readonly RowAction[];
}

interface GroupRowProps<T> {
  readonly group: RowGroup<T>;
  readonly groupKey: string;
  readonly view: GroupView<T>;
  readonly collapsed: boolean;
  readonly active: boolean;
  readonly index: number;
  readonly top: number;
  readonly columnCount: number;
  readonly onToggle: (name: string) => void;
}

/** The header of a group: folds it, sums it up, and acts on all of it. */
export function GroupRow<T>({ group, view, collapsed, active, onToggle, ...place }: GroupRowProps<T>) {
  const { t } = useTranslation();
  const Chevron = collapsed ? ChevronRight : ChevronDown;
  return (
    <tr
      data-key={place.groupKey}
      aria-rowindex={place.index + 2}
      tabIndex={active ? 0 : -1}
      style={{ transform: `translateY(${place.top}px)` }}
      className="group/row focus-inset absolute inset-x-0 top-0 flex h-(--row-height) hover:bg-hover focus-within:bg-hover"
    >
      <td colSpan={place.columnCount} className="flex min-w-0 grow items-center gap-2 px-2">
        <button
          type="button"
          tabIndex={-1}
          aria-expanded={!collapsed}
          aria-label={t(collapsed ? "table.expand" : "table.collapse", { name: group.name })}
          onClick={() => onToggle(group.name)}
          className="flex h-6 min-w-0 items-center gap-1 rounded-sm pr-2 pl-1.5 hover:bg-active"
        >
          <Chevron size={14} aria-hidden className="shrink-0 text-muted" />
          <span data-tip-cut="" className="truncate font-medium">
            {group.name}
          </span>
        </button>
        <span className="truncate text-muted">{view.summary(group)}</span>
        <span className="ml-auto flex gap-0.5 opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 [@media(hover:none)]:opacity-100">
          {view
            .actionsOf?.(group)
            .map(
              (action) =>
                action.icon && (
                  <IconButton
                    key={action.id}
                    icon={action.icon}
                    label={action.name ?? action.label}
                    disabledReason={action.disabledReason}
                    tabIndex={active ? 0 : -1}
                    onClick={action.run}
                  />
                ),
            )}
        </span>
      </td>
    </tr>
  );
}

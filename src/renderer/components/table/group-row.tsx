import { ChevronDown, ChevronRight } from "lucide-react";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../ui/icon-button.tsx";
import type { RowGroup } from "./entries.ts";
import { lineStyle } from "./line-style.ts";
import type { RowAction } from "./table-row.tsx";
import { useComplete } from "./use-complete.ts";

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
  /** Where it stands, if it does not just follow the line before it. */
  readonly apartPx: number | undefined;
  readonly columnCount: number;
  /** The list is being scrolled. */
  readonly scrolling: boolean;
  readonly onToggle: (name: string) => void;
}

function GroupActions<T>({ group, view, active }: Pick<GroupRowProps<T>, "group" | "view" | "active">) {
  return view
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
    );
}

function PlainGroupRow<T>({ group, view, collapsed, active, scrolling, onToggle, ...place }: GroupRowProps<T>) {
  const { t } = useTranslation();
  const complete = useComplete({ key: place.groupKey, active, scrolling });
  const Chevron = collapsed ? ChevronRight : ChevronDown;
  return (
    <tr
      data-key={place.groupKey}
      aria-rowindex={place.index + 2}
      tabIndex={active ? 0 : -1}
      style={lineStyle(place.apartPx)}
      className="table-line group/row focus-inset flex hover:bg-hover focus-within:bg-hover"
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
          {complete && <GroupActions group={group} view={view} active={active} />}
        </span>
      </td>
    </tr>
  );
}

/** The header of a group: folds it, sums it up, and acts on all of it. */
export const GroupRow = memo(PlainGroupRow) as typeof PlainGroupRow;

import { EllipsisVertical } from "lucide-react";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "../../lib/classes.ts";
import { Checkbox } from "../ui/checkbox.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import type { MenuEntry } from "../ui/menu.tsx";
import type { DataColumn } from "./column.ts";

/** An action of a row: an entry of its menu, and for the first few a button that hovering reveals. */
export interface RowAction extends MenuEntry {
  readonly inline?: boolean;
  /** A button too where the list has room for more than the first few. */
  readonly inlineWhenWide?: boolean;
}

export interface TableRowProps<T> {
  readonly row: T;
  readonly rowKey: string;
  readonly name: string;
  readonly index: number;
  readonly top: number;
  readonly columns: readonly DataColumn<T>[];
  /** Its actions, at least those that are buttons. */
  readonly buttonsOf: ((row: T) => readonly RowAction[]) | undefined;
  readonly selectable: boolean;
  readonly selected: boolean;
  readonly active: boolean;
  readonly grouped: boolean;
  /** The list has room for more buttons. */
  readonly wide: boolean;
  readonly ghost: boolean;
  /** The list is being scrolled. */
  readonly scrolling: boolean;
  readonly onToggle: (key: string) => void;
  readonly onMenu: (key: string, anchor: Element) => void;
}

function RowActions<T>({ row, rowKey, name, active, wide, buttonsOf, onMenu }: TableRowProps<T>) {
  const { t } = useTranslation();
  const actions = buttonsOf?.(row) ?? [];
  // Tab goes from the active row into its buttons; those of all other rows are out of its way.
  const tabIndex = active ? 0 : -1;
  return (
    <td className="flex items-center justify-end gap-0.5 opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 group-data-[menu]/row:opacity-100 [@media(hover:none)]:opacity-100">
      {actions
        .filter(({ inline, inlineWhenWide }) => inline || (wide && inlineWhenWide))
        .map(
          (action) =>
            action.icon && (
              <IconButton
                key={action.id}
                icon={action.icon}
                label={action.name ?? action.label}
                tip={action.label}
                disabledReason={action.disabledReason}
                danger={action.danger ?? false}
                tabIndex={tabIndex}
                onClick={action.run}
              />
            ),
        )}
      <IconButton
        icon={EllipsisVertical}
        label={t("table.moreActions", { name })}
        aria-haspopup="menu"
        tabIndex={tabIndex}
        onClick={(event) => onMenu(rowKey, event.currentTarget)}
      />
    </td>
  );
}

function PlainTableRow<T>(props: TableRowProps<T>) {
  const { t } = useTranslation();
  const { row, rowKey, name, columns, selectable, selected, active, ghost, top } = props;
  // A row that only flies past is drawn without its controls: they are most of its cost, and nobody can hit them.
  const [complete, setComplete] = useState(!props.scrolling || active);
  if (!complete && (!props.scrolling || active)) setComplete(true);
  return (
    <tr
      data-key={rowKey}
      aria-rowindex={props.index + 2}
      aria-selected={selectable ? selected : undefined}
      tabIndex={active ? 0 : -1}
      inert={ghost}
      style={{ transform: `translateY(${top}px)` }}
      className={classes(
        "group/row focus-inset absolute inset-x-0 top-0 grid h-(--row-height) grid-cols-(--columns) px-2",
        selected ? "bg-selected" : "hover:bg-hover focus-within:bg-hover",
        ghost && "opacity-35",
      )}
    >
      {selectable && (
        <td className="flex items-center justify-center">
          {complete && (
            <span
              className={classes(
                "flex opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100",
                selected && "opacity-100",
              )}
            >
              <Checkbox
                label={t("table.select", { name })}
                checked={selected}
                tabIndex={active ? 0 : -1}
                onChange={() => props.onToggle(rowKey)}
              />
            </span>
          )}
        </td>
      )}
      {columns.map((column, index) => (
        <td
          key={column.id}
          className={classes(
            "flex min-w-0 items-center px-2 *:min-w-0",
            column.align === "end" && "justify-end text-right",
            index === 0 && props.grouped && "pl-7",
          )}
        >
          {column.cell(row)}
        </td>
      ))}
      {props.buttonsOf && (complete ? <RowActions {...props} /> : <td />)}
    </tr>
  );
}

/** One line of a list. Renders again only when something of its own changed. */
export const TableRow = memo(PlainTableRow) as typeof PlainTableRow;

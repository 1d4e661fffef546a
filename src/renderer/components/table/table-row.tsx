import i18next from "i18next";
import { EllipsisVertical } from "lucide-react";
import { memo, type ReactNode } from "react";
import { classes } from "../../lib/classes.ts";
import { Checkbox } from "../ui/checkbox.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import type { MenuEntry } from "../ui/menu.tsx";
import type { DataColumn } from "./column.ts";
import { lineStyle } from "./line-style.ts";
import { useComplete } from "./use-complete.ts";

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
  /** Where it stands, if it does not just follow the line before it. */
  readonly apartPx: number | undefined;
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

type RowActionsProps<T> = Pick<
  TableRowProps<T>,
  "row" | "rowKey" | "name" | "active" | "wide" | "buttonsOf" | "onMenu"
>;

function PlainRowActions<T>({ row, rowKey, name, active, wide, buttonsOf, onMenu }: RowActionsProps<T>) {
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
        label={i18next.t("table.moreActions", { name })}
        aria-haspopup="menu"
        tabIndex={tabIndex}
        onClick={(event) => onMenu(rowKey, event.currentTarget)}
      />
    </td>
  );
}

const RowActions = memo(PlainRowActions) as typeof PlainRowActions;

type RowCellsProps<T> = Pick<TableRowProps<T>, "row" | "columns" | "grouped">;

function PlainRowCells<T>({ row, columns, grouped }: RowCellsProps<T>): ReactNode {
  return columns.map((column, index) => (
    <td
      key={column.id}
      className={classes(
        "flex min-w-0 items-center px-2 *:min-w-0",
        column.align === "end" && "justify-end text-right",
        index === 0 && grouped && "pl-7",
      )}
    >
      {column.cell(row)}
    </td>
  ));
}

const RowCells = memo(PlainRowCells) as typeof PlainRowCells;

function PlainTableRow<T>(props: TableRowProps<T>) {
  const { row, rowKey, name, columns, selectable, selected, active, scrolling, ghost, apartPx } = props;
  const complete = useComplete({ key: rowKey, active, scrolling });
  return (
    <tr
      data-key={rowKey}
      aria-rowindex={props.index + 2}
      aria-selected={selectable ? selected : undefined}
      tabIndex={active ? 0 : -1}
      inert={ghost}
      style={lineStyle(apartPx)}
      className={classes(
        "table-line group/row focus-inset grid grid-cols-(--columns) px-2",
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
                label={i18next.t("table.select", { name })}
                checked={selected}
                tabIndex={active ? 0 : -1}
                onChange={() => props.onToggle(rowKey)}
              />
            </span>
          )}
        </td>
      )}
      <RowCells row={row} columns={columns} grouped={props.grouped} />
      {props.buttonsOf &&
        (complete ? (
          <RowActions
            row={row}
            rowKey={rowKey}
            name={name}
            active={active}
            wide={props.wide}
            buttonsOf={props.buttonsOf}
            onMenu={props.onMenu}
          />
        ) : (
          <td />
        ))}
    </tr>
  );
}

/** One line of a list. Renders again only when something of its own changed. */
export const TableRow = memo(PlainTableRow) as typeof PlainTableRow;

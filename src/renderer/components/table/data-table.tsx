import type { RowData } from "@tanstack/react-table";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { Suspense, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useSettings } from "../../hooks/use-settings.ts";
import { classes } from "../../lib/classes.ts";
import { lazyPart, loadWhenCalm } from "../../lib/load-part.ts";
import type { MenuAnchor } from "../ui/menu.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import type { DataColumn } from "./column.ts";
import { GroupRow, type GroupView } from "./group-row.tsx";
import { TableHead } from "./table-head.tsx";
import { rememberedOffset, rememberOffset, toggleGroup, useTableMemory } from "./table-memory.ts";
import { type RowAction, TableRow } from "./table-row.tsx";
import { useColumns } from "./use-columns.ts";
import { useEntries } from "./use-entries.ts";
import { useRowFocus } from "./use-row-focus.ts";
import { useRowSlots } from "./use-row-slots.ts";
import { useSelection } from "./use-selection.ts";
import { useTableEvents } from "./use-table-events.ts";
import { useWidth } from "./use-width.ts";

// Nobody opens a menu before the rows are there, and what menus need weighs more than the table.
const loadMenu = () => import("../ui/menu.tsx");
const MenuAt = lazyPart(loadMenu, "MenuAt");
loadWhenCalm(loadMenu);

export interface DataTableProps<T extends RowData> {
  /** Under this name it remembers its columns, scroll and folded groups. */
  readonly name: string;
  /** Accessible name. */
  readonly label: string;
  /** Already searched and filtered. */
  readonly rows: readonly T[];
  readonly columns: readonly DataColumn<T>[];
  readonly idOf: (row: T) => string;
  readonly nameOf: (row: T) => string;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  /** Search and filter as one text: when the user changes them, rows may move. */
  readonly viewKey: string;
  readonly groups?: GroupView<T> | undefined;
  readonly actionsOf?: (row: T) => readonly RowAction[];
  /** Only those of the actions that are buttons: spares a long list the words of menus that nobody opens. */
  readonly buttonsOf?: (row: T) => readonly RowAction[];
  /** How many buttons a row has where the list is wide. */
  readonly wideActions?: number;
  readonly onOpen?: (row: T) => void;
  /** Present where rows can be selected. */
  readonly bulkOf?: (rows: readonly T[]) => readonly RowAction[];
  /** The data is from before: greyed. */
  readonly stale?: boolean;
}

const headHeightPx = 33;
const checkWidth = "28px";
const nothingCollapsed: ReadonlySet<string> = new Set();

/** What the columns, the tick and the buttons share the width by. */
function gridTracks<T>({
  columns,
  selectable,
  inlineCount,
}: {
  columns: readonly DataColumn<T>[];
  selectable: boolean;
  inlineCount: number;
}): string {
  const tracks = columns.map(({ width }) => width);
  if (selectable) tracks.unshift(checkWidth);
  if (inlineCount >= 0) tracks.push(`${(inlineCount + 1) * 26 + 8}px`);
  return tracks.join(" ");
}

function useRowVirtualizer(name: string, count: number, activeIndex: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const { settings } = useSettings();
  const rowHeightPx = settings.density === "compact" ? 28 : 36;
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: 5,
    scrollMargin: headHeightPx,
    scrollPaddingStart: headHeightPx,
    initialOffset: () => rememberedOffset(name),
    useFlushSync: false,
    // The row that has the focus stays mounted wherever the list is scrolled to.
    rangeExtractor: (range: Range) => {
      const indexes = defaultRangeExtractor(range);
      if (activeIndex < 0 || activeIndex >= count || indexes.includes(activeIndex)) return indexes;
      return [...indexes, activeIndex].sort((one, other) => one - other);
    },
  });
  useEffect(() => virtualizer.measure(), [virtualizer]);
  // Controls come after the rows, at the first time and whenever scrolling ends, and in slices that let frames pass.
  const settled = useDeferredValue(!virtualizer.isScrolling, false);
  return { scroller, virtualizer, rowHeightPx, hurried: virtualizer.isScrolling || !settled };
}

/** Buttons of a row where room is dear. */
const fewActions = 3;

/** From this width on, in px, a row has room for all its buttons. */
const wideFromPx = 900;

/** The list of the product: virtual rows, sort, groups, selection, keyboard, menus, live updates that keep calm. */
export function DataTable<T extends RowData>(props: DataTableProps<T>) {
  const { name, columns, actionsOf, bulkOf, groups } = props;
  const collapsed = useTableMemory((state) => state.collapsed[name]) ?? nothingCollapsed;
  const { entries, pin } = useEntries({ ...props, groupOf: groups?.of, collapsed });
  const [menu, setMenu] = useState<{ key: string; anchor: MenuAnchor }>();
  const [menuAsked, setMenuAsked] = useState(false);
  const [activeAt, setActiveAt] = useState(0);
  const { scroller, virtualizer, rowHeightPx, hurried } = useRowVirtualizer(name, entries.length, activeAt);
  const widthPx = useWidth(scroller);
  const { visible } = useColumns(name, columns, widthPx);
  const scrollTo = useCallback((index: number) => virtualizer.scrollToIndex(index, { align: "auto" }), [virtualizer]);
  const focus = useRowFocus({ entries, scroller, scrollTo });
  useEffect(() => setActiveAt(focus.activeIndex), [focus.activeIndex]);
  const { lines, topPx } = useRowSlots(virtualizer.getVirtualItems(), entries, focus.activeKey);
  const chosen = useSelection(entries);
  const selection = bulkOf ? chosen : undefined;
  const { selectAll, clear } = chosen;
  const onSelectAll = useCallback((all: boolean) => (all ? selectAll() : clear()), [selectAll, clear]);
  const toggle = useCallback((group: string) => toggleGroup(name, group), [name]);
  const openMenu = useCallback((key: string, anchor: MenuAnchor) => {
    setMenuAsked(true);
    setMenu({ key, anchor });
  }, []);
  const page = (): number => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeightPx) - 2);
  const events = useTableEvents({
    entries,
    focus,
    selection,
    page,
    open: props.onOpen,
    toggleGroup: toggle,
    openMenu,
    pin,
  });
  const menuRow = useMemo(() => entries.find(({ key }) => key === menu?.key), [entries, menu]);
  const wide = widthPx >= wideFromPx && props.wideActions !== undefined;
  const inlineCount = actionsOf ? ((wide ? props.wideActions : undefined) ?? fewActions) : -1;
  const style = {
    "--columns": gridTracks({ columns: visible, selectable: selection !== undefined, inlineCount }),
    height: headHeightPx + virtualizer.getTotalSize(),
  };

  return (
    <div className="relative h-full min-h-0">
      <div
        ref={scroller}
        className={classes("h-full overflow-auto overscroll-contain", props.stale && "outdated")}
        onScroll={(event) => rememberOffset(name, event.currentTarget.scrollTop)}
      >
        <table
          aria-label={props.label}
          aria-rowcount={entries.length + 1}
          className="relative block w-full"
          style={style}
        >
          <TableHead
            columns={visible}
            sort={props.sort}
            onSort={props.onSort}
            selectable={selection !== undefined}
            allSelected={chosen.rowCount > 0 && chosen.keys.size === chosen.rowCount}
            someSelected={chosen.keys.size > 0}
            onSelectAll={onSelectAll}
            hasActions={actionsOf !== undefined}
          />
          <tbody className="absolute inset-x-0 top-0 block" style={{ transform: `translateY(${topPx}px)` }} {...events}>
            {lines.map(({ index, entry, slot, topPx: apartPx }) => {
              const place = { index, apartPx, active: entry.key === focus.activeKey };
              return entry.kind === "row" ? (
                <TableRow
                  key={slot}
                  {...place}
                  row={entry.row}
                  rowKey={entry.key}
                  name={props.nameOf(entry.row)}
                  columns={visible}
                  buttonsOf={props.buttonsOf ?? actionsOf}
                  selectable={selection !== undefined}
                  selected={chosen.keys.has(entry.key)}
                  grouped={entry.grouped}
                  wide={wide}
                  ghost={entry.ghost ?? false}
                  scrolling={hurried}
                  onToggle={chosen.toggle}
                  onMenu={openMenu}
                />
              ) : (
                groups && (
                  <GroupRow
                    key={slot}
                    {...place}
                    group={entry.group}
                    groupKey={entry.key}
                    view={groups}
                    collapsed={entry.collapsed}
                    scrolling={hurried}
                    columnCount={visible.length + (selection ? 1 : 0) + (actionsOf ? 1 : 0)}
                    onToggle={toggle}
                  />
                )
              );
            })}
          </tbody>
        </table>
      </div>
      {selection && bulkOf && selection.rows.length > 1 && (
        <BulkBar count={selection.rows.length} actions={bulkOf(selection.rows)} onClear={selection.clear} />
      )}
      {actionsOf && menuAsked && (
        <Suspense>
          <MenuAt
            anchor={menuRow?.kind === "row" ? menu?.anchor : undefined}
            label={menuRow?.kind === "row" ? props.nameOf(menuRow.row) : ""}
            entries={menuRow?.kind === "row" ? actionsOf(menuRow.row) : []}
            onClose={() => setMenu(undefined)}
          />
        </Suspense>
      )}
    </div>
  );
}

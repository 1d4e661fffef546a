import type { KeyboardEvent, MouseEvent, PointerEvent } from "react";
import { hasCommandKey } from "../../lib/platform.ts";
import type { MenuAnchor } from "../ui/menu.tsx";
import type { Entry } from "./entries.ts";
import { type RowCommand, rowCommand } from "./row-keys.ts";
import type { RowFocus } from "./use-row-focus.ts";
import type { RowSelection } from "./use-selection.ts";

interface TableEventsOptions<T> {
  readonly entries: readonly Entry<T>[];
  readonly focus: RowFocus;
  readonly selection: RowSelection<T> | undefined;
  readonly page: () => number;
  readonly open: ((row: T) => void) | undefined;
  readonly toggleGroup: (name: string, collapse?: boolean) => void;
  readonly openMenu: (key: string, anchor: MenuAnchor) => void;
  readonly pin: (key: string | undefined) => void;
}

/** The line of an event, unless it comes from a control of its own. */
function keyOf(target: EventTarget): string | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest<HTMLElement>("tr[data-key]")?.dataset.key;
}

const isControl = (target: EventTarget): boolean =>
  target instanceof Element && target.closest("button,a,input,[role=checkbox]") !== null;

/** What the keys of a row do; `run` is true where the key was used. */
function rowCommands<T>({ entries, focus, selection, open, toggleGroup, openMenu }: TableEventsOptions<T>) {
  function openEntry(entry: Entry<T>): void {
    if (entry.kind === "group") toggleGroup(entry.group.name);
    else open?.(entry.row);
  }

  function move(to: number, extend: boolean, entry: Entry<T>): void {
    const target = entries[to];
    focus.focusIndex(to);
    if (!extend || target?.kind !== "row" || !selection) return;
    if (selection.keys.size === 0 && entry.kind === "row") selection.toggle(entry.key);
    selection.pick(target.key, { range: true, toggle: false });
  }

  function run(command: RowCommand, entry: Entry<T>, element: Element): boolean {
    switch (command.kind) {
      case "move":
        move(command.to, command.extend, entry);
        return true;
      case "open":
        openEntry(entry);
        return true;
      case "toggle":
        if (entry.kind === "row") selection?.toggle(entry.key);
        else toggleGroup(entry.group.name);
        return true;
      case "menu":
        openMenu(entry.key, element.querySelector("td:last-child") ?? element);
        return true;
      case "selectAll":
        selection?.selectAll();
        return true;
      case "clear":
        if (!selection || selection.keys.size === 0) return false;
        selection.clear();
        return true;
      case "fold":
      case "unfold":
        if (entry.kind !== "group" || entry.collapsed === (command.kind === "fold")) return false;
        toggleGroup(entry.group.name);
        return true;
    }
  }

  return { openEntry, run };
}

/** Pointer and keys of the whole body, in one place: rows carry no handlers of their own. */
export function useTableEvents<T>(options: TableEventsOptions<T>) {
  const { entries, focus, selection, page, openMenu, pin } = options;
  const entryOf = (key: string | undefined): Entry<T> | undefined => entries.find((entry) => entry.key === key);
  const { openEntry, run } = rowCommands(options);

  return {
    onKeyDown(event: KeyboardEvent<HTMLElement>): void {
      const row = event.target instanceof Element ? event.target.closest("tr[data-key]") : null;
      const entry = entryOf(keyOf(event.target));
      if (!row || !entry) return;
      const place = { index: entries.indexOf(entry), count: entries.length, page: page() };
      const command = rowCommand(event, place);
      // A button in the row keeps its own Enter and Space.
      if (!command || (isControl(event.target) && (command.kind === "open" || command.kind === "toggle"))) return;
      if (run(command, entry, row)) event.preventDefault();
    },
    onClick(event: MouseEvent<HTMLElement>): void {
      const entry = entryOf(keyOf(event.target));
      if (!entry) return;
      focus.setActive(entry.key);
      if (isControl(event.target) || entry.kind === "group" || !selection) return;
      selection.pick(entry.key, { range: event.shiftKey, toggle: hasCommandKey(event) });
    },
    onDoubleClick(event: MouseEvent<HTMLElement>): void {
      const entry = entryOf(keyOf(event.target));
      if (entry && !isControl(event.target)) openEntry(entry);
    },
    onContextMenu(event: MouseEvent<HTMLElement>): void {
      const entry = entryOf(keyOf(event.target));
      if (entry?.kind !== "row") return;
      event.preventDefault();
      focus.setActive(entry.key);
      openMenu(entry.key, { x: event.clientX, y: event.clientY });
    },
    onMouseDown(event: MouseEvent<HTMLElement>): void {
      // A Shift click extends the selection of rows, not of text.
      if (event.shiftKey) event.preventDefault();
    },
    onPointerMove(event: PointerEvent<HTMLElement>): void {
      pin(keyOf(event.target));
    },
    onPointerLeave(): void {
      pin(undefined);
    },
    onFocus(event: { target: EventTarget }): void {
      const key = keyOf(event.target);
      if (key !== undefined) focus.setActive(key);
    },
  };
}

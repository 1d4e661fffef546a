import { Menu as Base } from "@base-ui/react/menu";
import type { ComponentType, ReactElement, ReactNode } from "react";
import { classes } from "../../lib/classes.ts";

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  /** Accessible name, where it says more than the label: `Stop web` for "Stop". */
  readonly name?: string;
  readonly icon?: ComponentType<{ size?: number | string; "aria-hidden"?: boolean }>;
  readonly disabledReason?: string | undefined;
  readonly danger?: boolean;
  /** A line above it. */
  readonly startsGroup?: boolean;
  readonly run: () => void;
}

const itemLook =
  "mx-1 flex min-h-7 items-center gap-2 rounded-sm px-2 select-none outline-none data-highlighted:bg-hover data-disabled:text-disabled";

function MenuItem({ entry }: { readonly entry: MenuEntry }) {
  const Icon = entry.icon;
  return (
    <Base.Item
      label={entry.label}
      aria-label={entry.name}
      disabled={Boolean(entry.disabledReason)}
      data-tip={entry.disabledReason}
      onClick={entry.run}
      className={classes(itemLook, entry.danger && "text-failed")}
    >
      <span className="flex w-4 shrink-0 justify-center text-muted in-data-disabled:text-disabled">
        {Icon ? <Icon size={14} aria-hidden /> : null}
      </span>
      <span className="grow">{entry.label}</span>
    </Base.Item>
  );
}

export function MenuEntries({ entries }: { readonly entries: readonly MenuEntry[] }) {
  return entries.map((entry) => (
    <div key={entry.id} role="presentation">
      {entry.startsGroup && <Base.Separator className="my-1 h-px bg-line" />}
      <MenuItem entry={entry} />
    </div>
  ));
}

const popupLook = "popup min-w-44 max-h-(--available-height) overflow-y-auto py-1";

interface MenuProps {
  readonly trigger: ReactElement;
  readonly entries?: readonly MenuEntry[];
  readonly children?: ReactNode;
  readonly align?: "start" | "end";
}

/** A button with a menu. */
export function Menu({ trigger, entries, children, align = "start" }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} collisionPadding={8} className="z-50">
          <Base.Popup className={popupLook}>
            {entries && <MenuEntries entries={entries} />}
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface MenuCheckProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
}

/** A tick in a menu; the menu stays open. */
export function MenuCheck({ checked, onChange, children }: MenuCheckProps) {
  return (
    <Base.CheckboxItem checked={checked} onCheckedChange={onChange} closeOnClick={false} className={itemLook}>
      <span className="flex w-4 shrink-0 justify-center" aria-hidden="true">
        <Base.CheckboxItemIndicator>✓</Base.CheckboxItemIndicator>
      </span>
      {children}
    </Base.CheckboxItem>
  );
}

interface MenuChoiceProps<V extends string> {
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly onChange: (value: V) => void;
}

/** One of a few in a menu; the menu stays open. */
export function MenuChoice<V extends string>({ value, options, onChange }: MenuChoiceProps<V>) {
  return (
    <Base.RadioGroup value={value} onValueChange={onChange}>
      {options.map((option) => (
        <Base.RadioItem key={option.value} value={option.value} closeOnClick={false} className={itemLook}>
          <span className="flex w-4 shrink-0 justify-center" aria-hidden="true">
            <Base.RadioItemIndicator>✓</Base.RadioItemIndicator>
          </span>
          {option.label}
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}

/** Where a menu opens without a button of its own: at the pointer, or at an element. */
export type MenuAnchor = { readonly x: number; readonly y: number } | Element;

interface MenuAtProps {
  readonly anchor: MenuAnchor | undefined;
  readonly entries?: readonly MenuEntry[];
  readonly children?: ReactNode;
  readonly label: string;
  readonly onClose: () => void;
}

function virtualAnchor(anchor: MenuAnchor) {
  if (anchor instanceof Element) return anchor;
  return { getBoundingClientRect: () => new DOMRect(anchor.x, anchor.y, 0, 0) };
}

/** A menu that has no button of its own: a list's one context menu, or that of a button which stands before its menu is loaded. */
export function MenuAt({ anchor, entries, children, label, onClose }: MenuAtProps) {
  return (
    <Base.Root open={anchor !== undefined} onOpenChange={(open) => !open && onClose()} modal={false}>
      <Base.Portal>
        <Base.Positioner
          anchor={anchor ? virtualAnchor(anchor) : null}
          align={anchor instanceof Element ? "end" : "start"}
          side="bottom"
          sideOffset={anchor instanceof Element ? 4 : 0}
          collisionPadding={8}
          className="z-50"
        >
          <Base.Popup className={popupLook} aria-label={label}>
            {entries && <MenuEntries entries={entries} />}
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

import { useEffect, useRef } from "react";
import { hasCommandKey, isMac } from "../lib/platform.ts";

/** Keys as they are written in the list of shortcuts: `mod+k`, `alt+ArrowLeft`, `/`, `?`. */
export type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** The name of a key press, in the same writing. */
export function hotkeyOf(event: KeyboardEvent): string {
  const parts: string[] = [];
  if (hasCommandKey(event)) parts.push("mod");
  if (isMac && event.ctrlKey) parts.push("ctrl");
  if (event.altKey) parts.push("alt");
  const isLetter = event.key.length === 1;
  if (event.shiftKey && !isLetter) parts.push("shift");
  parts.push(isLetter ? event.key.toLowerCase() : event.key);
  return parts.join("+");
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const isSingle = (name: string): boolean => !name.includes("+") || name === "+";

/** Notices carry the role as well, but they leave the page usable, so its keys go on there. */
const dialogs = "[role=dialog]:not([role=region] *), [role=alertdialog]:not([role=region] *)";

/** Listens on the whole window. Keys without a modifier rest while one types, in dialogs, and where they are turned off. */
export function useHotkeys(hotkeys: Hotkeys, { singleKeys = true }: { singleKeys?: boolean } = {}): void {
  const latest = useRef(hotkeys);
  useEffect(() => {
    latest.current = hotkeys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const name = hotkeyOf(event);
      const action = latest.current[name];
      if (!action) return;
      const inDialog = event.target instanceof Element && event.target.closest(dialogs);
      if (isSingle(name) && (!singleKeys || isTyping(event.target) || inDialog)) return;
      event.preventDefault();
      action(event);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [singleKeys]);
}

import { isMac } from "../../lib/platform.ts";

const macSigns: Readonly<Record<string, string>> = { mod: "⌘", alt: "⌥", shift: "⇧", ctrl: "⌃" };
const otherSigns: Readonly<Record<string, string>> = { mod: "Ctrl", alt: "Alt", shift: "Shift", ctrl: "Ctrl" };
const keySigns: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  PageUp: "PgUp",
  PageDown: "PgDn",
  Escape: "Esc",
  " ": "Space",
};

function sign(key: string): string {
  return (isMac ? macSigns : otherSigns)[key] ?? keySigns[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** A shortcut such as `mod+k`, drawn as keys. */
export function Kbd({ keys }: { readonly keys: string }) {
  const parts = keys === "+" ? ["+"] : keys.split("+");
  return (
    <span className="inline-flex gap-0.5">
      {parts.map((part) => (
        <kbd
          key={part}
          className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-line bg-sunken px-1 font-sans text-xs text-muted"
        >
          {sign(part)}
        </kbd>
      ))}
    </span>
  );
}

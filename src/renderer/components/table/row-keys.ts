import { hasCommandKey } from "../../lib/platform.ts";

/** What a key does on a focused row. */
export type RowCommand =
  | { readonly kind: "move"; readonly to: number; readonly extend: boolean }
  | { readonly kind: "open" | "toggle" | "menu" | "selectAll" | "clear" | "fold" | "unfold" };

interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

interface Place {
  readonly index: number;
  readonly count: number;
  /** Rows on one screen. */
  readonly page: number;
}

function targetOf(key: string, { index, count, page }: Place): number | undefined {
  switch (key) {
    case "ArrowDown":
      return Math.min(count - 1, index + 1);
    case "ArrowUp":
      return Math.max(0, index - 1);
    case "PageDown":
      return Math.min(count - 1, index + page);
    case "PageUp":
      return Math.max(0, index - page);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

const plainKeys: Readonly<Record<string, "open" | "toggle" | "menu" | "clear" | "fold" | "unfold">> = {
  Enter: "open",
  " ": "toggle",
  ContextMenu: "menu",
  Escape: "clear",
  ArrowLeft: "fold",
  ArrowRight: "unfold",
};

/** The command of a key press on a row, or undefined where it is not ours. */
export function rowCommand(press: KeyPress, place: Place): RowCommand | undefined {
  if (press.altKey) return undefined;
  if (hasCommandKey(press)) return press.key.toLowerCase() === "a" ? { kind: "selectAll" } : undefined;
  if (press.key === "F10" && press.shiftKey) return { kind: "menu" };
  const to = targetOf(press.key, place);
  if (to !== undefined) return { kind: "move", to, extend: press.shiftKey };
  const kind = plainKeys[press.key];
  return kind ? { kind } : undefined;
}

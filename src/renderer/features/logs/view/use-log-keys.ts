import { type KeyboardEvent, type RefObject, useCallback } from "react";
import { hasCommandKey } from "../../../lib/platform.ts";
import { everything, rowText } from "../model/copy-lines.ts";
import type { LogSession } from "../model/log-session.ts";
import { keyOf } from "../model/row.ts";
import type { TextRange } from "../model/row-selection.ts";
import { jsonOf } from "../text/json-line.ts";
import { copyRange } from "./use-row-selection.ts";

interface KeyTarget {
  readonly session: LogSession;
  readonly selected: RefObject<TextRange | undefined>;
  readonly select: (range: TextRange | undefined) => void;
  readonly onLeaveMatches: () => void;
}

/** Moves the current line by rows and keeps it in sight; with `extend` the lines on the way are selected. */
function moveActive({ session, selected, select }: KeyTarget, step: 1 | -1, extend: boolean): void {
  const { window, store } = session;
  const { active } = store.getState();
  const { first, end } = window.rows;
  const isKnown = active !== undefined && window.row(active.position)?.position === active.position;
  const start = isKnown ? active.position : window.following ? end : window.topPosition - step;
  const position = Math.max(first, Math.min(start + step, end - 1));
  window.nudgeTo(position);
  const row = window.row(position);
  if (row) store.setState({ active: { key: keyOf(row), position } });
  if (!extend) return;
  const from = selected.current?.anchor.position ?? start;
  const isDown = position >= from;
  const whole = Number.MAX_SAFE_INTEGER;
  select({
    epoch: window.epoch,
    anchor: { position: from, offset: isDown ? 0 : whole },
    focus: { position, offset: isDown ? whole : 0 },
  });
}

/** Opens or closes what the current line hides: its stack trace, the rest of it, its JSON. */
function openActive({ session, onLeaveMatches }: KeyTarget): void {
  const { store, window } = session;
  const { active, unfolded, whole, filter } = store.getState();
  const row = active && window.row(active.position);
  if (!active || !row) return;
  if (row.folded > 0 || unfolded.has(active.key)) session.toggleFold(row);
  else if (row.isCut && !whole.has(active.key)) void session.showWhole(row);
  else if (jsonOf(rowText(row, whole.get(active.key)) ?? "") !== undefined) session.toggleOpened(active.key);
  else if (filter.onlyMatches) {
    session.showInContext(row);
    onLeaveMatches();
  }
}

function copyActive({ session }: KeyTarget): void {
  const { window, store } = session;
  const { active } = store.getState();
  if (!active) return;
  const { position } = active;
  const focus = { position, offset: Number.MAX_SAFE_INTEGER };
  void copyRange(session, { epoch: window.epoch, anchor: { position, offset: 0 }, focus });
}

const plainKeys: Readonly<Record<string, (target: KeyTarget, event: KeyboardEvent) => void>> = {
  ArrowDown: (target, { shiftKey }) => moveActive(target, 1, shiftKey),
  ArrowUp: (target, { shiftKey }) => moveActive(target, -1, shiftKey),
  PageDown: ({ session }) => session.window.scrollPages(1),
  PageUp: ({ session }) => session.window.scrollPages(-1),
  " ": ({ session }, { shiftKey }) => session.window.scrollPages(shiftKey ? -1 : 1),
  Home: ({ session }) => session.window.toTop(),
  End: ({ session }) => session.window.follow(),
  Enter: openActive,
  Escape: ({ session }) => session.store.setState({ active: undefined }),
};

const commandKeys: Readonly<Record<string, (target: KeyTarget) => void>> = {
  a: ({ session, select }) => select(everything(session)),
  c: copyActive,
  Home: ({ session }) => session.window.toTop(),
  End: ({ session }) => session.window.follow(),
};

/** The keys of the log while it has the focus. */
export function useLogKeys({ session, selected, select, onLeaveMatches }: KeyTarget): (event: KeyboardEvent) => void {
  return useCallback(
    (event) => {
      // Keys for a button or field inside of a row are not for the list.
      if (event.target !== event.currentTarget || event.altKey) return;
      const isCommand = hasCommandKey(event.nativeEvent);
      // What is selected is copied by the browser's own way.
      if (isCommand && event.key === "c" && selected.current) return;
      const action = isCommand ? commandKeys[event.key] : plainKeys[event.key];
      if (!action) return;
      event.preventDefault();
      action({ session, selected, select, onLeaveMatches }, event);
    },
    [session, selected, select, onLeaveMatches],
  );
}

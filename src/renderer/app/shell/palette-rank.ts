import type { Command } from "../../lib/commands.ts";
import { fuzzyScore } from "../../lib/fuzzy.ts";

const storageKey = "longshore.palette";
const keptRecent = 8;
/** More than fit the window; a better query finds the rest. */
const shownAtMost = 60;

export interface CommandGroup {
  readonly value: string;
  readonly items: readonly Command[];
}

export function readRecent(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    return Array.isArray(stored) ? stored.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

export function rememberCommand(id: string): void {
  try {
    const ids = [id, ...readRecent().filter((each) => each !== id)].slice(0, keptRecent);
    localStorage.setItem(storageKey, JSON.stringify(ids));
  } catch {
    // Storage is blocked: nothing is remembered.
  }
}

interface RankOptions {
  readonly query: string;
  /** Ids, the latest first. */
  readonly recent: readonly string[];
  readonly recentTitle: string;
}

function grouped(commands: readonly Command[]): CommandGroup[] {
  const groups = Map.groupBy(commands, ({ group }) => group);
  return [...groups].map(([value, items]) => ({ value, items }));
}

/** The commands to show: without a query the recent ones and then all by group; with one the best matches first. */
export function rankCommands(
  commands: readonly Command[],
  { query, recent, recentTitle }: RankOptions,
): CommandGroup[] {
  const text = query.trim();
  if (text === "") {
    const byId = new Map(commands.map((command) => [command.id, command]));
    const items = recent.flatMap((id) => byId.get(id) ?? []);
    const shown = new Set(items);
    const rest = grouped(commands.filter((command) => !shown.has(command)).slice(0, shownAtMost));
    return items.length > 0 ? [{ value: recentTitle, items }, ...rest] : rest;
  }
  const scored = commands.flatMap((command) => {
    const score = fuzzyScore(command.label, text);
    if (score === undefined) return [];
    return [{ command, score: score + (recent.includes(command.id) ? 2 : 0) - (command.disabledReason ? 4 : 0) }];
  });
  scored.sort((one, other) => other.score - one.score);
  return grouped(scored.slice(0, shownAtMost).map(({ command }) => command));
}

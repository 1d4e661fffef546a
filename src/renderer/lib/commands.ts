import { type ComponentType, createElement } from "react";
import { create } from "zustand";

/** One entry of the palette. */
export interface Command {
  readonly id: string;
  readonly label: string;
  /** Heading under which it stands. */
  readonly group: string;
  readonly icon?: ComponentType<{ size?: number | string }>;
  /** Keys that do the same, for example `["/"]`. */
  readonly keys?: readonly string[];
  /** Present where it cannot be run now. */
  readonly disabledReason?: string | undefined;
  readonly run: () => void;
}

interface Registry {
  readonly sets: ReadonlyMap<string, () => readonly Command[]>;
  readonly open: boolean;
}

/** Sets of commands by the part of the app that offers them; each is asked when the palette opens. */
export const useCommandRegistry = create<Registry>(() => ({ sets: new Map(), open: false }));

/** Offers commands until the returned function is called. */
export function offerCommands(owner: string, commands: () => readonly Command[]): () => void {
  useCommandRegistry.setState(({ sets }) => ({ sets: new Map(sets).set(owner, commands) }));
  return () => {
    useCommandRegistry.setState(({ sets }) => {
      const rest = new Map(sets);
      if (rest.get(owner) === commands) rest.delete(owner);
      return { sets: rest };
    });
  };
}

export function setPaletteOpen(open: boolean): void {
  useCommandRegistry.setState({ open });
}

/** The icon of a command, or nothing. */
export function commandIcon(command: Command, size: number) {
  return command.icon ? createElement(command.icon, { size }) : null;
}

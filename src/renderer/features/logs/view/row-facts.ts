import type { TFunction } from "i18next";
import { createContext, useContext } from "react";
import type { LogSession } from "../model/log-session.ts";

/** How a container is told apart on one timeline. */
export interface SourceLook {
  readonly name: string;
  /** A colour of the theme. */
  readonly colour: string;
}

/** What all rows of a view have in common. */
export interface RowFacts {
  /** One for all rows: each call of the hook costs more than a row's words. */
  readonly t: TFunction<"logs">;
  readonly session: LogSession;
  readonly wrap: boolean;
  readonly formatTime: ((time: number) => string) | undefined;
  readonly timeColumns: number;
  /** By source; undefined where there is but one. */
  readonly looks: ReadonlyMap<number, SourceLook> | undefined;
  readonly nameColumns: number;
  readonly isOnlyMatches: boolean;
  /** A line where rows were left out between two; without context they are everywhere. */
  readonly showsBreaks: boolean;
  /** Shows all lines again, when one of those that match is looked at among its neighbours. */
  readonly onLeaveMatches: () => void;
  /** Searches for lines whose JSON has this field. */
  readonly onField: (key: string, value: string | number | boolean | null) => void;
}

const RowContext = createContext<RowFacts | undefined>(undefined);

export const RowFactsProvider = RowContext.Provider;

export function useRowFacts(): RowFacts {
  const facts = useContext(RowContext);
  if (!facts) throw new Error("A row stands in a log view.");
  return facts;
}

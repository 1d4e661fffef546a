import { useMemo } from "react";
import type { LogSession } from "../model/log-session.ts";
import type { SourceLook } from "./row-facts.ts";

/** Colours before they begin anew; the name stands on every line. */
const colours = 10;
const mostNameColumns = 18;

export interface Looks {
  readonly looks: ReadonlyMap<number, SourceLook>;
  /** Width of the names' column in characters. */
  readonly nameColumns: number;
}

/** Names and colours of the containers of one timeline. What they have in common at the front is left out. */
export function useSourceLooks(session: LogSession, common: string): Looks {
  const known = session.store(({ status }) =>
    JSON.stringify(status?.sources.map(({ index, name }) => [index, name]) ?? []),
  );
  return useMemo(() => {
    const sources: [number, string][] = JSON.parse(known);
    const looks = new Map(
      sources.map(([index, name]): [number, SourceLook] => {
        const short = common !== "" && name.startsWith(common) ? name.slice(common.length) : name;
        return [index, { name: short, colour: `var(--source-${index % colours})` }];
      }),
    );
    const longest = Math.max(4, ...[...looks.values()].map(({ name }) => name.length));
    return { looks, nameColumns: Math.min(mostNameColumns, longest) + 2 };
  }, [known, common]);
}

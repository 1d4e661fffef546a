import { useEffect, useState } from "react";
import { client } from "../../lib/client.ts";
import { follow } from "../../lib/follow.ts";

/** More than a whole start writes; the oldest go first. */
const keptLines = 2_000;
const paintMs = 120;

/** Colours and cursor movements of the guest's programs, which a list of lines has no use for. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const escapes = /\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f]/g;

export interface ConsoleLine {
  readonly id: number;
  readonly text: string;
}

/** The console of the run that `key` names, live; nothing while `key` is undefined. */
export function useConsole(key: string | undefined): readonly ConsoleLine[] {
  const [lines, setLines] = useState<readonly ConsoleLine[]>([]);
  useEffect(() => {
    setLines([]);
    if (key === undefined) return;
    const stop = new AbortController();
    let kept: ConsoleLine[] = [];
    let count = 0;
    let painting: ReturnType<typeof setTimeout> | undefined;
    const paint = (): void => {
      painting = undefined;
      setLines(kept);
    };
    // Each time the stream opens it begins with the first line.
    const open = (options: { signal: AbortSignal }) => {
      kept = [];
      return client.machine.console({}, options);
    };
    const onItem = ({ text }: { text: string }): void => {
      count += 1;
      kept = [...kept.slice(1 - keptLines), { id: count, text: text.replaceAll(escapes, "") }];
      painting ??= setTimeout(paint, paintMs);
    };
    void follow(open, { signal: stop.signal, onItem });
    return () => {
      stop.abort();
      clearTimeout(painting);
    };
  }, [key]);
  return lines;
}

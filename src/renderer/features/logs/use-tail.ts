import { useEffect, useState } from "react";
import { type AppError, isCancelled, type LogItem, toAppError } from "#contract";
import { client } from "../../lib/client.ts";
import { appendItems, emptyRing, type LineRing } from "./line-ring.ts";

/** Lines that are kept; the whole log is the full viewer's. */
export const tailLines = 1000;

interface Tail {
  readonly ring: LineRing;
  /** The history is read; what comes now is new. */
  readonly live: boolean;
  readonly error: AppError | undefined;
}

const start: Tail = { ring: emptyRing, live: false, error: undefined };

/** Follows a container's log while mounted. Items are gathered for one frame, so that a flood costs one render a frame. */
export function useTail(id: string): Tail {
  const [tail, setTail] = useState(start);
  useEffect(() => {
    const stop = new AbortController();
    let waiting: LogItem[] = [];
    const flush = (): void => {
      const items = waiting;
      waiting = [];
      setTail((before) => ({
        ...before,
        ring: appendItems(before.ring, items, tailLines),
        live: before.live || items.some(({ kind }) => kind === "live"),
      }));
    };
    const read = async (): Promise<void> => {
      try {
        for await (const item of client.logs.tail({ id, tail: tailLines, follow: true }, { signal: stop.signal })) {
          waiting.push(item);
          // Waiting here keeps back the credit, so a flood slows the source instead of filling memory.
          await new Promise<void>((resolve) => setTimeout(resolve, document.hidden ? 250 : 16));
          flush();
        }
      } catch (error) {
        if (!isCancelled(error)) setTail((before) => ({ ...before, error: toAppError(error) }));
      }
    };
    setTail(start);
    void read();
    return () => stop.abort();
  }, [id]);
  return tail;
}

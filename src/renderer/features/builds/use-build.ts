import { useEffect, useState } from "react";
import { type AppError, type Build, type BuildStep, isCancelled, toAppError } from "#contract";
import { client } from "../../lib/client.ts";

interface LogPiece {
  readonly step: string;
  readonly text: string;
}

export interface LiveBuild {
  readonly build: Build | undefined;
  readonly steps: readonly BuildStep[];
  readonly log: readonly LogPiece[];
  readonly omitted: number;
  readonly error: AppError | undefined;
}

const nothing: LiveBuild = { build: undefined, steps: [], log: [], omitted: 0, error: undefined };

/** One build from its beginning, then as it goes on. */
export function useBuild(id: string): LiveBuild {
  const [live, setLive] = useState(nothing);
  useEffect(() => {
    const stop = new AbortController();
    setLive(nothing);
    const follow = async (): Promise<void> => {
      for await (const { build, steps, log, omitted } of client.builds.follow({ id }, { signal: stop.signal })) {
        setLive((before) => {
          const byId = new Map(before.steps.map((step) => [step.id, step]));
          for (const step of steps) byId.set(step.id, step);
          return { build, steps: [...byId.values()], log: [...before.log, ...log], omitted, error: undefined };
        });
      }
    };
    follow().catch((error: unknown) => {
      if (!isCancelled(error) && !stop.signal.aborted) setLive((before) => ({ ...before, error: toAppError(error) }));
    });
    return () => stop.abort();
  }, [id]);
  return live;
}

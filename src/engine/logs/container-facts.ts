import { z } from "zod";
import type { LogSession } from "./engine-port.ts";

const answer = z.object({
  Id: z.string(),
  Name: z.string(),
  Image: z.string().default(""),
  Created: z.string().default(""),
  State: z.object({
    Running: z.boolean().default(false),
    Restarting: z.boolean().default(false),
    ExitCode: z.int().default(0),
    StartedAt: z.string().default(""),
    FinishedAt: z.string().default(""),
  }),
  Config: z.object({ Tty: z.boolean().default(false), Image: z.string().default("") }),
  HostConfig: z.object({
    LogConfig: z
      .object({ Type: z.string().default(""), Config: z.record(z.string(), z.string()).nullish() })
      .default({ Type: "" }),
  }),
  LogPath: z.string().default(""),
});

/** What logs need to know of a container. */
export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly running: boolean;
  /** It has a terminal: its log is bare bytes. */
  readonly tty: boolean;
  readonly exitCode: number;
  readonly startedAt: string;
  /** Milliseconds since 1970 when it last ended; undefined where it never did. */
  readonly finishedAt: number | undefined;
  readonly driver: string;
  readonly driverOptions: Readonly<Record<string, string>>;
  /** On the engine's machine. */
  readonly logPath: string;
}

/** Errors: not_found, unavailable, timeout. */
export async function readFacts(session: LogSession, id: string, signal: AbortSignal): Promise<ContainerFacts> {
  const about = { verb: "read the logs of", kind: "container", name: id } as const;
  const container = await session.http.json(
    { about, path: `/containers/${encodeURIComponent(id)}/json`, signal },
    answer,
  );
  return {
    id: container.Id,
    name: container.Name.replace(/^\//, ""),
    image: container.Config.Image || container.Image,
    createdAt: Date.parse(container.Created) || 0,
    running: container.State.Running,
    tty: container.Config.Tty,
    exitCode: container.State.ExitCode,
    startedAt: container.State.StartedAt,
    finishedAt: Math.max(0, Date.parse(container.State.FinishedAt)) || undefined,
    driver: container.HostConfig.LogConfig.Type,
    driverOptions: container.HostConfig.LogConfig.Config ?? {},
    logPath: container.LogPath,
  };
}

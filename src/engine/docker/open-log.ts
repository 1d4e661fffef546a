import type { Readable } from "node:stream";
import { z } from "zod";
import type { Blocks } from "./blocks.ts";
import type { EngineHttp } from "./http.ts";

export interface LogRequest {
  /** Id or name of the container. */
  readonly id: string;
  /** Lines from the end; `all` for the whole log. */
  readonly tail: number | "all";
  readonly follow: boolean;
  /** Puts the engine's RFC 3339 time with nanoseconds and a space before each line. */
  readonly timestamps: boolean;
  /** Unix time `seconds.nanos`. The engine reads the log from its start to find it: slow on large logs. */
  readonly since?: string;
  /** Unix time `seconds.nanos`. */
  readonly until?: string;
  /** See `EngineRequest`; for those who can do with less than all. */
  readonly withoutChunks?: boolean;
}

export interface LogStream {
  /** The body as the engine sends it: 8-byte frames, or bare bytes where `tty` is true. Not read ahead. */
  readonly stream: Readable;
  readonly tty: boolean;
  /** Full id of the container, also where a name was asked for. */
  readonly containerId: string;
}

const target = z.object({ Id: z.string(), Name: z.string(), Config: z.object({ Tty: z.boolean().default(false) }) });

/** The container as its description has it already, so that it need not be asked for again. */
export interface KnownContainer {
  /** Full id. */
  readonly id: string;
  /** Without Docker's leading slash. */
  readonly name: string;
}

const aboutLogs = (name: string) => ({ verb: "read the logs of", kind: "container", name }) as const;

interface Described {
  readonly known: KnownContainer;
  readonly tty: boolean;
}

async function describe(http: EngineHttp, id: string, signal: AbortSignal): Promise<Described> {
  const path = `/containers/${encodeURIComponent(id)}/json`;
  const container = await http.json({ about: aboutLogs(id), path, signal }, target);
  return { known: { id: container.Id, name: container.Name.replace(/^\//, "") }, tty: container.Config.Tty };
}

function logOf(known: KnownContainer, request: Omit<LogRequest, "id">) {
  const { tail, follow, timestamps, since, until, withoutChunks = false } = request;
  return {
    about: aboutLogs(known.name),
    path: `/containers/${known.id}/logs`,
    query: { stdout: true, stderr: true, tail, follow, timestamps, since, until },
    withoutChunks,
  };
}

/**
 * The logs of a container (`GET /containers/{id}/logs`), stdout and stderr. Aborting `signal` ends the request and
 * destroys the stream. Errors: not_found, conflict where the log driver cannot be read, unavailable, timeout.
 */
export async function openLogStream(http: EngineHttp, request: LogRequest, signal: AbortSignal): Promise<LogStream> {
  const { known, tty } = await describe(http, request.id, signal);
  return { stream: await openLogOf(http, { known, request, signal }), tty, containerId: known.id };
}

/** As `openLogStream`, in one request. */
export function openLogOf(
  http: EngineHttp,
  { known, request, signal }: { known: KnownContainer; request: Omit<LogRequest, "id">; signal: AbortSignal },
): Promise<Readable> {
  return http.open({ ...logOf(known, request), signal });
}

/** As `openLogStream`, for logs of any size, in blocks that another thread can read. */
export async function openLogBlocks(
  http: EngineHttp,
  request: LogRequest & { readonly follow: false },
  signal: AbortSignal,
): Promise<{ readonly blocks: Blocks; readonly tty: boolean }> {
  const { known, tty } = await describe(http, request.id, signal);
  return { blocks: await http.blocks({ ...logOf(known, request), signal, shared: true }), tty };
}

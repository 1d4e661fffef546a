import { z } from "zod";
import type { ContainerDetails } from "#contract";
import { toAppError } from "#contract/errors.ts";
import { Bell } from "../bell.ts";
import type { Dockerode } from "./client.ts";
import type { EngineConnection } from "./connection.ts";
import { containerAnswer } from "./container-details.ts";
import { containersTouchedBy } from "./container-list.ts";
import type { About } from "./errors.ts";
import type { Session } from "./session.ts";

const inspectDeadlineMs = 10_000;
/** Mounting network volumes and tearing down large layers takes its time. */
const actionDeadlineMs = 60_000;
/** Docker's own grace before it kills, where a container sets none. */
const defaultGraceSeconds = 10;

/** Several events of one action are shown together. */
const coalesceMs = 100;

/** `GET /containers/{id}/json`. Errors: not_found. */
export function inspectContainer(session: Session, id: string, signal?: AbortSignal): Promise<ContainerDetails> {
  const about = { verb: "inspect", kind: "container", name: id } as const;
  const path = `/containers/${encodeURIComponent(id)}/json`;
  return session.http.json({ about, path, deadlineMs: inspectDeadlineMs, signal }, containerAnswer);
}

/** One container, again after each of its events; ends when it is removed or `signal` aborts. Errors: not_found. */
export async function* watchContainer(
  connection: EngineConnection,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<ContainerDetails> {
  let known: ContainerDetails | undefined;
  while (!signal.aborted) {
    const session = await connection.whenConnected(signal);
    if (!session) return;
    const both = AbortSignal.any([signal, session.signal]);
    const bell = new Bell();
    // By its full id from the first answer on, so that a rename does not lose it.
    const isMine = (touched: string): boolean => known === undefined || touched === known.id;
    const unsubscribe = session.events.subscribe({
      types: ["container", "network"],
      onEvent: (event) => containersTouchedBy(event).some(isMine) && bell.ring(),
      onGap: () => bell.ring(),
    });
    try {
      bell.ring();
      while (await bell.wait(both)) {
        if (both.aborted) break;
        known = await inspectContainer(session, known?.id ?? id, both);
        yield known;
        await new Bell().wait(both, coalesceMs);
      }
    } catch (error) {
      const failure = toAppError(error);
      if (known && failure.code === "not_found") return;
      // The connection broke: the next one tells how the container is then.
      if (!both.aborted && failure.code !== "timeout") throw failure;
    } finally {
      unsubscribe();
    }
  }
}

interface Action {
  readonly verb: string;
  readonly id: string;
  readonly deadlineMs?: number;
  readonly newName?: string;
  readonly signal: AbortSignal;
}

/** Name and state of a container for the words of an error; nothing where even that cannot be had. */
async function describe(session: Session, id: string): Promise<Partial<About>> {
  try {
    const { name, state } = await inspectContainer(session, id);
    return { name, state };
  } catch {
    return {};
  }
}

/** One action by dockerode. A refusal is told with the container's name, and with its state where that explains it. */
async function act(
  session: Session,
  { verb, id, newName, deadlineMs = actionDeadlineMs, signal }: Action,
  run: (container: Dockerode.Container, abortSignal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const about = { verb, kind: "container", name: id, newName } as const;
  const elaborate = (): Promise<Partial<About>> => describe(session, id);
  // The id is encoded here because dockerode puts it into the path as it is.
  await session.client.call({ about, elaborate, answer: z.unknown(), deadlineMs, signal }, (docker, abortSignal) =>
    run(docker.getContainer(encodeURIComponent(id)), abortSignal),
  );
}

/** The grace period in seconds that a stop will take: as asked, or the container's own. */
async function graceOf(session: Session, id: string, asked: number | undefined): Promise<number> {
  if (asked !== undefined) return asked;
  const { stopTimeoutSeconds } = await inspectContainer(session, id);
  return stopTimeoutSeconds ?? defaultGraceSeconds;
}

export interface CreateRequest {
  readonly image: string;
  readonly name?: string | undefined;
  /** argv; empty means the image's own command. */
  readonly command: readonly string[];
  readonly start: boolean;
}

const createAnswer = z.object({ Id: z.string(), Warnings: z.array(z.string()).nullish() });

/**
 * `POST /containers/create`, and then a start if asked. A container that cannot be started is removed again: it never
 * ran, and would keep the name taken. Errors: not_found (image), conflict (name), bad_request.
 */
export async function createContainer(
  session: Session,
  { image, name, command, start }: CreateRequest,
  signal: AbortSignal,
): Promise<{ id: string; warnings: string[] }> {
  const about = { verb: "create", kind: "container", name: name ?? image, newName: name, image } as const;
  const body = { Image: image, ...(command.length > 0 ? { Cmd: command } : {}) };
  // By http and not by dockerode, which drops the warnings.
  const request = { about, method: "POST", path: "/containers/create", query: { name }, body, signal } as const;
  const { Id: id, Warnings: warnings } = await session.http.json(
    { ...request, deadlineMs: actionDeadlineMs },
    createAnswer,
  );
  if (start) {
    try {
      await startContainer(session, id, signal);
    } catch (error) {
      await removeContainer(session, {
        id,
        force: true,
        removeVolumes: true,
        signal: AbortSignal.timeout(actionDeadlineMs),
      });
      throw error;
    }
  }
  return { id, warnings: warnings ?? [] };
}

/** `POST /containers/{id}/start`. Errors: not_found; conflict where it runs already. */
export function startContainer(session: Session, id: string, signal: AbortSignal): Promise<void> {
  return act(session, { verb: "start", id, signal }, (container, abortSignal) => container.start({ abortSignal }));
}

/** Sends the stop signal, and kills after the grace period. Errors: not_found; conflict where it does not run. */
export async function stopContainer(
  session: Session,
  { id, graceSeconds, signal }: { id: string; graceSeconds?: number | undefined; signal: AbortSignal },
): Promise<void> {
  const deadlineMs = actionDeadlineMs + 1000 * (await graceOf(session, id, graceSeconds));
  const options = graceSeconds === undefined ? {} : { t: graceSeconds };
  await act(session, { verb: "stop", id, deadlineMs, signal }, (container, abortSignal) =>
    container.stop({ ...options, abortSignal }),
  );
}

/** Stops, if it runs, and starts. Errors: not_found. */
export async function restartContainer(session: Session, id: string, signal: AbortSignal): Promise<void> {
  const deadlineMs = actionDeadlineMs + 1000 * (await graceOf(session, id, undefined));
  await act(session, { verb: "restart", id, deadlineMs, signal }, (container, abortSignal) =>
    container.restart({ abortSignal }),
  );
}

/** Freezes all processes. Errors: not_found; conflict where it does not run. */
export function pauseContainer(session: Session, id: string, signal: AbortSignal): Promise<void> {
  return act(session, { verb: "pause", id, signal }, (container, abortSignal) => container.pause({ abortSignal }));
}

/** Errors: not_found; conflict where it is not paused. */
export function unpauseContainer(session: Session, id: string, signal: AbortSignal): Promise<void> {
  return act(session, { verb: "unpause", id, signal }, (container, abortSignal) => container.unpause({ abortSignal }));
}

/** Sends a signal. Errors: not_found; conflict where it does not run. */
export function killContainer(
  session: Session,
  { id, signalName, signal }: { id: string; signalName: string; signal: AbortSignal },
): Promise<void> {
  return act(session, { verb: "kill", id, signal }, (container, abortSignal) =>
    container.kill({ signal: signalName, abortSignal }),
  );
}

/** Errors: not_found; conflict where the name is taken. */
export function renameContainer(
  session: Session,
  { id, name, signal }: { id: string; name: string; signal: AbortSignal },
): Promise<void> {
  return act(session, { verb: "rename", id, newName: name, signal }, (container, abortSignal) =>
    container.rename({ name, abortSignal }),
  );
}

/** `force` kills a running one; `removeVolumes` removes its anonymous volumes. Errors: not_found; conflict (runs). */
export function removeContainer(
  session: Session,
  request: { id: string; force: boolean; removeVolumes: boolean; signal: AbortSignal },
): Promise<void> {
  const { id, force, removeVolumes: v, signal } = request;
  return act(session, { verb: "remove", id, signal }, (container, abortSignal) =>
    container.remove({ force, v, abortSignal }),
  );
}

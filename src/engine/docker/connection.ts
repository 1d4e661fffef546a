import type { EngineState } from "#contract";
import { AppError, toAppError } from "#contract/errors.ts";
import { Bell } from "../bell.ts";
import { Cell } from "../cell.ts";
import { type Choice, findEndpoints, namedEndpoint, type ReachableEndpoint, type Surroundings } from "./endpoint.ts";
import { type FailedState, failedState, nothingFound, tellsMore } from "./failure.ts";
import { type OpenSession, openSession, type Session, watchSocketFile } from "./session.ts";

const firstRetryMs = 500;
const longestRetryMs = 10_000;
/** Spreads the retries, so that several clients of one engine do not knock together. */
const jitter = 0.2;

interface Failed {
  readonly state: FailedState;
  readonly target?: ReachableEndpoint;
  /** Somebody listens, but did not answer: an engine that starts up, or one that hangs. */
  readonly silent?: boolean;
}

interface Refused {
  readonly state: FailedState;
  readonly silent: boolean;
}

/** 0.5 s, doubled with each failure up to 10 s, give or take a fifth; `random` is from 0 to 1. */
export function retryDelayMs(failures: number, random: number): number {
  const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures, 10));
  return Math.round(delayMs * (1 - jitter + 2 * jitter * random));
}

/** Why there is no session, as the error of a call that needs one. */
function unavailable(state: EngineState): AppError {
  switch (state.status) {
    case "connecting":
      return new AppError("unavailable", "Longshore is still connecting to the engine. Try again in a moment.");
    case "disconnected":
      return new AppError("unavailable", state.why);
    case "no_permission":
      return new AppError("permission", `You may not use the socket ${state.socket}. Run: ${state.command}`);
    case "connected":
    case "degraded":
      return new AppError("unavailable", "The connection to the engine was just lost. Try again in a moment.");
  }
}

/** Keeps one connection to the chosen engine, and says how it stands. */
export class EngineConnection {
  readonly state = new Cell<EngineState>({ status: "connecting" });
  readonly #session = new Cell<OpenSession | undefined>(undefined);
  readonly #around: Surroundings;
  readonly #closed = new AbortController();
  readonly #wake = new Bell();
  readonly #finished: Promise<void>;
  #attempt = new AbortController();
  #choice: Choice;
  #generation = 0;
  #failures = 0;
  /** The endpoint of the last session: `auto` stays with it, so that a restart of one engine never leads to another. */
  #last: ReachableEndpoint | undefined;

  constructor(choice: Choice, around: Surroundings) {
    this.#choice = choice;
    this.#around = around;
    this.#finished = this.#run();
  }

  /** The session now. Errors: unavailable or permission, with the reason, while there is none. */
  session(): Session {
    const session = this.#session.value;
    if (session) return session;
    throw unavailable(this.state.value);
  }

  /** Waits for a session; undefined once `signal` aborts. */
  async whenConnected(signal: AbortSignal): Promise<Session | undefined> {
    for await (const session of this.#session.watch(signal)) if (session) return session;
    return undefined;
  }

  /** Switches to another engine; the same choice again does nothing. */
  choose(choice: Choice): void {
    if (choice.value === this.#choice.value) return;
    this.#choice = choice;
    this.#restart();
  }

  /** Looks for the engine anew and connects now instead of at the next planned time; leaves a good connection alone. */
  reconnect(): void {
    if (this.state.value.status !== "connected") this.#restart();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#attempt.abort();
    this.#session.value?.close();
    await this.#finished;
  }

  #restart(): void {
    this.#last = undefined;
    this.#failures = 0;
    this.state.set({ status: "connecting" });
    this.#attempt.abort();
    this.#session.value?.close();
    this.#wake.ring();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closed;
    const unsubscribe = this.#around.machine?.subscribe(() => this.#wake.ring());
    while (!signal.aborted) {
      const failed = await this.#connectAndHold();
      // Without a failure another engine was chosen, or the whole connection is closed.
      if (failed && !signal.aborted) await this.#waitForRetry(failed);
    }
    unsubscribe?.();
  }

  async #connectAndHold(): Promise<Failed | undefined> {
    this.#attempt = new AbortController();
    const { signal } = this.#attempt;
    let failed: Failed | undefined;
    try {
      for (const target of this.#targets()) {
        const session = await this.#open(target, signal);
        if (signal.aborted) return undefined;
        if (!("state" in session)) return await this.#hold(session, target);
        if (tellsMore(session.state, failed?.state)) failed = { ...session, target };
      }
    } catch (error) {
      // An address that is none: it is told, and no other engine is offered in its place.
      const endpoint = namedEndpoint(this.#choice, this.#around);
      return { state: { status: "disconnected", endpoint, why: toAppError(error).message, hints: [] } };
    }
    return failed ?? { state: nothingFound(this.#choice.value, this.#around) };
  }

  #targets(): readonly ReachableEndpoint[] {
    // The machine's address is asked for anew: only its provider knows whether it still runs.
    const last = this.#last?.endpoint.source === "machine" ? undefined : this.#last;
    return last ? [last] : findEndpoints(this.#choice, this.#around);
  }

  async #open(target: ReachableEndpoint, signal: AbortSignal): Promise<OpenSession | Refused> {
    try {
      const session = await openSession(target, { generation: this.#generation + 1, signal });
      if (signal.aborted) session.close();
      return session;
    } catch (error) {
      const failure = toAppError(error);
      const silent = failure.code === "timeout";
      return { state: failedState(failure, target, this.#around.platform), silent };
    }
  }

  /** Announces a session and stays with it until it is lost. */
  async #hold(session: OpenSession, target: ReachableEndpoint): Promise<Failed | undefined> {
    const { generation, endpoint, facts } = session;
    const connected = { status: "connected", endpoint, generation, ...facts } as const;
    this.#generation = generation;
    this.#failures = 0;
    this.#last = target;
    this.#session.set(session);
    this.state.set(connected);
    const lost = await session.guard({
      onDegraded: (why) => this.state.set({ status: "degraded", endpoint, why }),
      onRecovered: () => this.state.set(connected),
    });
    // Taken away before the streams break, so that whoever built on it waits for the next one.
    this.#session.set(undefined);
    session.close();
    if (lost.code === "cancelled") return undefined;
    return { state: failedState(lost, target, this.#around.platform), target };
  }

  async #waitForRetry({ state, target, silent }: Failed): Promise<void> {
    // Waiting in vain for the answer was pause enough, and an engine that starts up shows no other sign of being ready.
    const delayMs = retryDelayMs(silent ? 0 : this.#failures, Math.random());
    this.#failures += 1;
    this.state.set(state.status === "disconnected" ? { ...state, retryAt: Date.now() + delayMs } : state);
    const unwatch = target ? watchSocketFile(target, () => this.#wake.ring()) : undefined;
    await this.#wake.wait(this.#closed.signal, delayMs);
    unwatch?.();
  }
}

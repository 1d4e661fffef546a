import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { Endpoint } from "#contract";
import { AppError, toAppError } from "#contract/errors.ts";
import { Bell } from "../bell.ts";
import { createDockerClient, type DockerClient } from "./client.ts";
import type { ReachableEndpoint } from "./endpoint.ts";
import { EventHub } from "./events.ts";
import { agreeOnApi, answerDeadlineMs, type EngineFacts, ping, readFacts } from "./handshake.ts";
import { EngineHttp } from "./http.ts";
import { EngineAgent } from "./transport.ts";

/** With the deadline of 2 s, an engine that hangs is noticed within 4 s, and said on the screen within 5 s. */
const pingEveryMs = 2_000;
const slowPingEveryMs = 5_000;
const pingWhileDegradedMs = 1_000;
const farewellPingMs = 500;

/** One connection to one engine, from handshake to loss. */
export interface Session {
  readonly generation: number;
  readonly endpoint: Endpoint;
  readonly facts: EngineFacts;
  readonly http: EngineHttp;
  readonly client: DockerClient;
  readonly events: EventHub;
  /** Aborts when the connection is lost or given up. */
  readonly signal: AbortSignal;
}

/** What identifies a socket file; another one means another engine, or the same one started anew. */
function inodeOf({ address }: ReachableEndpoint): string | undefined {
  if (address.kind !== "socket") return undefined;
  const stat = statSync(address.path, { throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
}

/** Calls back whenever a socket file comes, goes or is replaced. Where the folder cannot be watched, pings must do. */
export function watchSocketFile({ address }: ReachableEndpoint, onChange: () => void): () => void {
  if (address.kind !== "socket" || process.platform === "win32") return () => {};
  const name = basename(address.path);
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(dirname(address.path), { persistent: false }, (_event, file) => {
      if (file === null || file === name) onChange();
    });
    watcher.on("error", () => watcher?.close());
  } catch {
    return () => {};
  }
  return () => watcher.close();
}

/** Tells what a session's watch over its engine finds. */
export interface SessionObserver {
  /** The engine does not answer in time; it may recover. */
  readonly onDegraded: (why: string) => void;
  /** It answers again. */
  readonly onRecovered: () => void;
}

/** A session with the power to watch over it and to end it. */
export interface OpenSession extends Session {
  /** Resolves with the reason when the connection is lost or the session is closed. */
  guard(observer: SessionObserver): Promise<AppError>;
  close(): void;
}

interface OpenOptions {
  readonly generation: number;
  readonly signal: AbortSignal;
}

/** Connects: handshake, and the event stream. Errors: unavailable, permission, timeout. */
export async function openSession(target: ReachableEndpoint, options: OpenOptions): Promise<OpenSession> {
  const { endpoint, address } = target;
  // Taken first: a socket replaced during the handshake is then noticed by the first ping.
  const inode = inodeOf(target);
  const agent = new EngineAgent(address, { keepAlive: true });
  const lost = new AbortController();
  const alarm = new Bell();
  const close = (): void => {
    lost.abort();
    agent.destroy();
  };
  const first = { deadlineMs: answerDeadlineMs(address), signal: AbortSignal.any([options.signal, lost.signal]) };
  try {
    const unversioned = new EngineHttp(agent, { where: endpoint.host });
    const api = await agreeOnApi(unversioned, first);
    const http = unversioned.speaking(api);
    const events = new EventHub(http, () => alarm.ring());
    // Side by side, because some engines look up their version for long; what it says of the API goes first.
    const opening = events.open(first);
    opening.catch(() => {});
    const facts = await readFacts(unversioned, api, first);
    await opening;
    const base = { generation: options.generation, endpoint, facts, http, events, signal: lost.signal };
    const client = createDockerClient(http, { api, lost: lost.signal });
    const guard = (observer: SessionObserver): Promise<AppError> =>
      new Guard(target, { ...base, inode, alarm }).run(observer);
    return { ...base, client, guard, close };
  } catch (error) {
    close();
    throw error;
  }
}

type Guarded = Pick<Session, "http" | "events" | "signal"> & {
  readonly inode: string | undefined;
  readonly alarm: Bell;
};

/** Pings, and listens for the end of the event stream and for changes of the socket file. */
class Guard {
  readonly #target: ReachableEndpoint;
  readonly #session: Guarded;
  readonly #ping: EngineHttp;

  constructor(target: ReachableEndpoint, session: Guarded) {
    this.#target = target;
    this.#session = session;
    const { address, endpoint } = target;
    // A socket is opened anew each time, so that one that was removed is noticed; ssh would start a process each time.
    const agent = new EngineAgent(address, { keepAlive: address.kind !== "socket" });
    this.#ping = new EngineHttp(agent, { where: endpoint.host });
  }

  async run(observer: SessionObserver): Promise<AppError> {
    const { alarm, signal } = this.#session;
    const everyMs = this.#target.address.kind === "socket" ? pingEveryMs : slowPingEveryMs;
    const unwatch = watchSocketFile(this.#target, () => alarm.ring());
    try {
      let degraded = false;
      for (;;) {
        await alarm.wait(signal, degraded ? pingWhileDegradedMs : everyMs);
        if (signal.aborted) return new AppError("cancelled", "The connection was closed.");
        const answer = await this.#check(degraded);
        if (answer instanceof AppError && answer.code !== "timeout") return answer;
        if (answer instanceof AppError && !degraded) observer.onDegraded(this.#silent());
        if (!answer && degraded) observer.onRecovered();
        degraded = answer !== undefined;
      }
    } finally {
      unwatch();
      this.#ping.close();
    }
  }

  #silent(): string {
    const { address, endpoint } = this.#target;
    return `The engine at ${endpoint.host} has not answered for ${answerDeadlineMs(address) / 1_000} s.`;
  }

  /** Undefined where all is well; `timeout` where the engine is slow; anything else is the end. */
  async #check(wasDegraded: boolean): Promise<AppError | undefined> {
    const { signal, events, inode } = this.#session;
    const { host } = this.#target.endpoint;
    // An engine that hung up is gone or going; the ping then only finds out why, and an engine on its way out is slow.
    const deadlineMs = events.ended ? farewellPingMs : answerDeadlineMs(this.#target.address);
    const options = { deadlineMs, signal };
    try {
      await ping(this.#ping, options);
      // While it hung, the stream may have died unseen, for example in a suspended laptop.
      if (wasDegraded) await events.open(options);
    } catch (error) {
      const failure = toAppError(error);
      if (!events.ended || failure.code !== "timeout") return failure;
    }
    if (inodeOf(this.#target) !== inode) return new AppError("unavailable", `The socket of ${host} was replaced.`);
    if (events.ended) return new AppError("unavailable", `The engine at ${host} closed the connection.`);
    return undefined;
  }
}

import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, toAppError } from "#contract/errors.ts";
import type { LogMark } from "#contract/log-view.ts";
import { Bell } from "../bell.ts";
import { openLogOf } from "../docker/open-log.ts";
import { type ContainerFacts, readFacts } from "./container-facts.ts";
import { ContainerWatch } from "./container-watch.ts";
import { skewOf } from "./engine-clock.ts";
import type { LogEngine, LogSession } from "./engine-port.ts";

/** What reading one container's log gives, in order. */
export type ReaderItem =
  /** A stream begins. `again`: it was read before, and some of what was seen comes up once more. */
  | {
      readonly kind: "open";
      readonly facts: ContainerFacts;
      readonly again: boolean;
      readonly skewMs: number;
    }
  | { readonly kind: "chunk"; readonly bytes: Buffer }
  | { readonly kind: "mark"; readonly mark: LogMark; readonly seconds: number }
  /** The stream is at its end. `removed` is the last item; after the others a new `open` may come. */
  | { readonly kind: "end"; readonly reason: "stopped" | "removed" | "engine" };

export interface ReadRequest {
  /** Id or name. */
  readonly id: string;
  readonly tail: number;
  readonly follow: boolean;
}

/** Lines that are asked for to find the place where reading had stopped. */
export const resumeTail = 10_000;
/** Between two tries while the engine says that it is there but the stream breaks. */
const retryMs = 500;

const now = (): number => Math.floor(Date.now() / 1000);

/** Drivers without a reader make the engine fail in words that only its developers know. */
function explained(error: AppError, { name, driver }: ContainerFacts): AppError {
  const unreadable = driver === "none" || /logging driver does not support reading/.test(error.message);
  if (!unreadable) return error;
  const advice = "Recreate it with json-file or local (`--log-driver json-file`) to read its logs here.";
  return new AppError("conflict", `${name} uses the log driver "${driver}", which cannot be read. ${advice}`, {
    cause: error,
    data: { driver },
  });
}

/** One container's log, read through restarts and the loss of the engine. */
class ContainerReader {
  readonly #engine: LogEngine;
  readonly #request: ReadRequest;
  readonly #signal: AbortSignal;
  readonly #bell = new Bell();
  #facts: ContainerFacts | undefined;
  /** As far as was told. */
  #isRunning = false;

  constructor(engine: LogEngine, request: ReadRequest, signal: AbortSignal) {
    this.#engine = engine;
    this.#request = request;
    this.#signal = signal;
  }

  async *items(): AsyncGenerator<ReaderItem> {
    let session: LogSession | undefined = this.#engine.session();
    while (session && !this.#signal.aborted) {
      try {
        const ended = yield* this.#readSession(session);
        if (ended) return;
      } catch (error) {
        if (this.#signal.aborted) return;
        const failure = toAppError(error);
        if (!this.#facts) throw failure;
        if (failure.code === "not_found") {
          // Removed so soon after its end that nobody could say how it ended.
          if (this.#isRunning) yield { kind: "mark", mark: { kind: "stopped" }, seconds: now() };
          yield { kind: "end", reason: "removed" };
          return;
        }
        yield { kind: "end", reason: "engine" };
        if (!this.#request.follow) return;
      }
      await sleep(retryMs, undefined, { signal: this.#signal }).catch(() => {});
      session = await this.#engine.whenConnected(this.#signal);
    }
  }

  /** Reads from one start of the container to the next, as long as the connection lives; true when there is no more. */
  async *#readSession(session: LogSession): AsyncGenerator<ReaderItem, boolean> {
    const watch = new ContainerWatch(session, this.#bell);
    const reconnected = this.#facts !== undefined;
    try {
      let facts: ContainerFacts | undefined = await this.#readFacts(session);
      watch.follow(facts.id);
      if (reconnected) yield { kind: "mark", mark: { kind: "reconnected" }, seconds: now() };
      while (!this.#signal.aborted && !session.signal.aborted) {
        yield* this.#readStream(session, watch, facts ?? (await this.#readFacts(session)));
        facts = undefined;
        if (!this.#request.follow) return true;
        yield* this.#awaitStart(session, watch);
      }
      return this.#signal.aborted;
    } finally {
      watch.close();
    }
  }

  #readFacts(session: LogSession): Promise<ContainerFacts> {
    return readFacts(session, this.#facts?.id ?? this.#request.id, this.#signal);
  }

  async *#readStream(session: LogSession, watch: ContainerWatch, facts: ContainerFacts): AsyncGenerator<ReaderItem> {
    const again = this.#facts !== undefined;
    const { follow } = this.#request;
    const tail = again ? resumeTail : this.#request.tail;
    const abort = new AbortController();
    const signal = AbortSignal.any([this.#signal, session.signal, abort.signal]);
    try {
      // Where the connection is cut, the engine is asked next, and what was missed is read again.
      const request = { tail, follow, timestamps: true, withoutChunks: true } as const;
      const stream = await openLogOf(session.http, { known: facts, request, signal }).catch((error: unknown) => {
        throw explained(toAppError(error), facts);
      });
      this.#facts = facts;
      this.#isRunning = facts.running;
      yield { kind: "open", facts, again, skewMs: skewOf(stream) };
      yield* this.#readChunks(stream, watch);
    } finally {
      abort.abort();
    }
  }

  async *#readChunks(stream: Readable, watch: ContainerWatch): AsyncGenerator<ReaderItem> {
    const ring = (): void => this.#bell.ring();
    let failure: Error | undefined;
    stream.on("readable", ring);
    stream.on("close", ring);
    stream.on("error", (error) => {
      failure = error;
      ring();
    });
    while (!this.#signal.aborted) {
      for (const mark of watch.take()) yield { kind: "mark", ...mark };
      const chunk: unknown = stream.read();
      if (Buffer.isBuffer(chunk)) yield { kind: "chunk", bytes: chunk };
      else if (failure) throw failure;
      else if (stream.readableEnded || stream.destroyed) return;
      else await this.#bell.wait(this.#signal);
    }
    // What the abort does to the stream comes later, and concerns nobody.
    if (!stream.closed) await once(stream, "close").catch(() => {});
  }

  /** Says how the container ended, and waits for its next start. Throws not_found when it is removed. */
  async *#awaitStart(session: LogSession, watch: ContainerWatch): AsyncGenerator<ReaderItem> {
    let told = false;
    while (!this.#signal.aborted && !session.signal.aborted) {
      watch.changed = false;
      const facts = await this.#readFacts(session);
      if (facts.running && (told || facts.startedAt !== this.#facts?.startedAt)) {
        yield { kind: "mark", mark: { kind: "started" }, seconds: now() };
        return;
      }
      if (facts.running) {
        // The engine ended the stream of a container that runs on, for example at the rotation of its file.
        await sleep(retryMs, undefined, { signal: this.#signal }).catch(() => {});
        return;
      }
      if (!told) {
        const { exitCode, finishedAt } = facts;
        // One that had ended before anybody looked ended then, not now.
        const seconds = finishedAt === undefined ? now() : Math.ceil(finishedAt / 1000);
        yield { kind: "mark", mark: { kind: "stopped", exitCode }, seconds };
        yield { kind: "end", reason: "stopped" };
        this.#isRunning = false;
        told = true;
      }
      while (!watch.changed && !this.#signal.aborted && !session.signal.aborted) await this.#bell.wait(this.#signal);
    }
  }
}

/**
 * Reads a container's log until it is removed, `signal` aborts, or it has ended and `follow` is off. The socket is
 * read only while the consumer asks for more. Throws only before the first `open`: not_found, conflict where the log
 * driver cannot be read, unavailable, timeout.
 */
export function readContainer(
  engine: LogEngine,
  request: ReadRequest,
  signal: AbortSignal,
): AsyncGenerator<ReaderItem> {
  return new ContainerReader(engine, request, signal).items();
}

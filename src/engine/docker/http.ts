import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import type { Duplex, Readable } from "node:stream";
import type { z } from "zod";
import { type BlockOptions, BlockRequest, type Blocks } from "./blocks.ts";
import {
  type About,
  DeadlineError,
  engineMessage,
  StatusError,
  toEngineError,
  UnexpectedAnswerError,
} from "./errors.ts";
import type { EngineAgent } from "./transport.ts";

/** Long enough for 10,000 containers on a busy machine; an engine that needs longer is in trouble. */
const defaultDeadlineMs = 30_000;

/** For streams whose first byte may take its time: a pull from a slow registry, a build. */
export const noDeadlineMs = 2 ** 31 - 1;

/** An error body beyond this is no sentence. */
const maxErrorBytes = 64 * 1024;

export interface EngineRequest {
  /** What it is about, for the words of an error. */
  readonly about: About;
  /** Path below the API version, for example `/containers/json`; parts from outside are encoded by the caller. */
  readonly path: string;
  readonly method?: "GET" | "POST" | "PUT" | "DELETE" | "HEAD";
  /** Query parameters; objects are sent as JSON, which is how the Engine API takes filters. */
  readonly query?: Readonly<Record<string, string | number | boolean | object | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it comes, for example a tar; its failure fails the request, and the end of the request destroys it. */
  readonly upload?: { readonly stream: Readable; readonly contentType: string } | undefined;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** For the whole answer of `json`, and until the headers of `open`. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Wants the body as it is, for logs: dockerd wraps each line in a chunk of its own, and to take those off costs us
   * more than all that is done with the lines. Such a body ends with its connection, also where the engine crashes, so
   * whoever wants all of it asks the engine for something else behind it. Local engines alone are asked for it.
   */
  readonly withoutChunks?: boolean;
}

/** What a large body is asked with; `shared` as in `BlockOptions`. */
type BodyRequest = Pick<EngineRequest, "about" | "path" | "query" | "withoutChunks"> &
  Pick<BlockOptions, "signal" | "shared">;

function pathWithQuery({ path, query = {} }: Pick<EngineRequest, "path" | "query">): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    search.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

function contentType({ body, upload }: EngineRequest): Record<string, string> {
  if (upload) return { "content-type": upload.contentType };
  return body === undefined ? {} : { "content-type": "application/json" };
}

async function readAll(response: IncomingMessage, limitBytes = Number.POSITIVE_INFINITY): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const what = text === "" ? "an empty body" : /^\s*</.test(text) ? "HTML" : "broken JSON";
    throw new UnexpectedAnswerError(`${what} instead of JSON`);
  }
}

function checked<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue && issue.path.length > 0 ? ` at "${issue.path.join(".")}"` : "";
  throw new UnexpectedAnswerError(`${issue?.message ?? "invalid"}${where}`);
}

async function statusError(response: IncomingMessage): Promise<StatusError> {
  const text = await readAll(response, maxErrorBytes);
  let message = "";
  try {
    message = engineMessage(JSON.parse(text)) ?? "";
  } catch {
    // A proxy's HTML page says nothing that a user could act on; the status stands for itself.
    message = `the answer was status ${response.statusCode ?? 0}`;
  }
  return new StatusError(response.statusCode ?? 0, message);
}

/**
 * node:http on one engine, for what is asked often or streams: lists, events, logs, stats, archives. Every method
 * throws `AppError` alone (`errors.ts`).
 */
export class EngineHttp {
  /** The endpoint as a URL, for messages. */
  readonly where: string;
  readonly agent: EngineAgent;
  readonly #prefix: string;

  /** `api` is the negotiated version such as `1.41`; without one the engine takes its own newest. */
  constructor(agent: EngineAgent, { where, api }: { where: string; api?: string }) {
    this.where = where;
    this.agent = agent;
    this.#prefix = api ? `/v${api}` : "";
  }

  /** The same connections, for requests of a version. */
  speaking(api: string): EngineHttp {
    return new EngineHttp(this.agent, { where: this.where, api });
  }

  /** The response once its headers are there and its status is 2xx; the body streams until `signal` aborts. */
  async open(request: EngineRequest): Promise<IncomingMessage> {
    return this.#mapped(request, () => this.#withDeadline(request, (signal) => this.#send(request, signal)));
  }

  /** As `open`, for a body of any size; it is to be read to its end, left, or aborted. */
  async blocks(request: BodyRequest): Promise<Blocks> {
    const { about, signal, withoutChunks = false, shared = false } = request;
    const options = {
      path: `${this.#prefix}${pathWithQuery(request)}`,
      signal: AbortSignal.any([signal, this.agent.ended]),
      withoutChunks: withoutChunks && this.agent.isLocal,
      shared,
    };
    try {
      const body = new BlockRequest((onread) => this.agent.dial(onread), options);
      return mappedBlocks(await body.open(), (error) => toEngineError(error, about, this.where));
    } catch (error) {
      throw toEngineError(error, about, this.where);
    }
  }

  /** The checked JSON answer. A GET whose connection broke is sent once more: the engine may just have closed it. */
  async json<T extends z.ZodType>(request: EngineRequest, schema: T): Promise<z.output<T>> {
    const once = (signal: AbortSignal): Promise<string> =>
      this.#send(request, signal).then((answer) => readAll(answer));
    const isGet = (request.method ?? "GET") === "GET";
    return this.#mapped(request, () =>
      this.#withDeadline(request, async (signal) => {
        const text = await once(signal).catch((error: unknown) => {
          if (isGet && !signal.aborted && isBrokenConnection(error)) return once(signal);
          throw error;
        });
        return checked(schema, parseJson(text));
      }),
    );
  }

  /** A connection that the engine hands over (status 101), for example a build session; the caller ends it. */
  async upgrade(request: EngineRequest & { readonly protocol: string }): Promise<Duplex> {
    return this.#mapped(request, () => this.#withDeadline(request, (signal) => this.#upgrade(request, signal)));
  }

  /** For requests whose answer has no body. */
  async send(request: EngineRequest): Promise<void> {
    await this.#mapped(request, () =>
      this.#withDeadline(request, async (signal) => readAll(await this.#send(request, signal))),
    );
  }

  /** Ends all connections, idle or in use. */
  close(): void {
    this.agent.destroy();
  }

  async #mapped<T>(request: EngineRequest, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw toEngineError(error, request.about, this.where);
    }
  }

  /** Runs with a signal that aborts at the deadline; after the run only the caller's own signal counts. */
  async #withDeadline<T>(request: EngineRequest, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal, deadlineMs = defaultDeadlineMs } = request;
    const controller = new AbortController();
    const forward = (): void => controller.abort();
    if (signal?.aborted) controller.abort();
    signal?.addEventListener("abort", forward, { once: true });
    let expired = false;
    const timer = setTimeout(() => {
      expired = true;
      controller.abort();
    }, deadlineMs);
    try {
      const result = await run(controller.signal);
      // The body of a stream outlives this call, so the caller's abort must go on reaching it.
      if (isStreaming(result)) result.once("close", () => signal?.removeEventListener("abort", forward));
      else signal?.removeEventListener("abort", forward);
      return result;
    } catch (error) {
      signal?.removeEventListener("abort", forward);
      throw expired ? new DeadlineError(deadlineMs) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  #upgrade(request: EngineRequest & { readonly protocol: string }, signal: AbortSignal): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({
        // A connection of its own: it never returns to the others.
        createConnection: (options) => this.agent.createConnection(options),
        host: "docker",
        method: request.method ?? "POST",
        path: `${this.#prefix}${pathWithQuery(request)}`,
        headers: { ...request.headers, connection: "Upgrade", upgrade: request.protocol },
        signal,
      });
      outgoing.on("error", reject);
      outgoing.on("response", (response) => void statusError(response).then(reject, reject));
      outgoing.on("upgrade", (_response, socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      outgoing.end();
    });
  }

  #send(request: EngineRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({
        ...(request.withoutChunks && this.agent.isLocal
          ? { createConnection: (options) => speakHttp10(this.agent.createConnection(options)) }
          : { agent: this.agent }),
        host: "docker",
        method: request.method ?? "GET",
        path: `${this.#prefix}${pathWithQuery(request)}`,
        headers: { ...contentType(request), ...request.headers },
        signal,
      });
      outgoing.on("error", reject);
      outgoing.on("response", (response) => {
        const status = response.statusCode ?? 0;
        cancelBody(response, signal);
        if (status >= 200 && status < 300) resolve(response);
        else void statusError(response).then(reject, reject);
      });
      if (request.upload) sendStream(outgoing, request.upload.stream);
      else outgoing.end(body);
    });
  }
}

/** node:http only writes HTTP/1.1, in which a body of unknown length must have chunks; it reads both. */
function speakHttp10(socket: Duplex): Duplex {
  const write = socket.write.bind(socket);
  // The first thing written is the head, as text; the overloads of `write` cannot say that.
  socket.write = ((head: string, encoding: BufferEncoding, done: () => void) => {
    socket.write = write;
    return write(head.replace(" HTTP/1.1\r\n", " HTTP/1.0\r\n"), encoding, done);
  }) as Duplex["write"];
  return socket;
}

/**
 * An engine may refuse before it has read all, and closes then; its answer counts and not the broken pipe, so a
 * failure of the socket is left to the request, and only one of the source ends it here.
 */
function sendStream(outgoing: ClientRequest, source: Readable): void {
  source.once("error", (error) => outgoing.destroy(error));
  outgoing.once("close", () => source.destroy());
  source.pipe(outgoing);
}

/** node:http stops listening to `signal` at the headers; the body must be cancelled by it as well. */
function cancelBody(response: IncomingMessage, signal: AbortSignal): void {
  const cut = (): void => void response.destroy(new DOMException("cancelled", "AbortError"));
  if (signal.aborted) cut();
  signal.addEventListener("abort", cut, { once: true });
  response.once("close", () => signal.removeEventListener("abort", cut));
}

async function* mappedBlocks(blocks: Blocks, map: (error: unknown) => Error): AsyncGenerator<Buffer> {
  try {
    yield* blocks;
  } catch (error) {
    throw map(error);
  }
}

function isStreaming(value: unknown): value is IncomingMessage {
  return typeof value === "object" && value !== null && "once" in value && "headers" in value;
}

function isBrokenConnection(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}

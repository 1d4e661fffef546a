import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "#contract/errors.ts";

type Dial = () => Promise<Duplex>;

/** The few requests that the machine itself has for the guest's Docker. */
export interface DockerHttp {
  /** True when `GET /_ping` answers OK in time. */
  ping(timeoutMs: number): Promise<boolean>;
  /** `GET path` as JSON; not checked for its shape. */
  getJson(path: string, timeoutMs?: number): Promise<unknown>;
  /** `POST path` with a body that is streamed; at most five minutes. */
  upload(path: string, body: Readable): Promise<void>;
  /** The lines of an endless answer; ends when the connection does. */
  lines(path: string, signal: AbortSignal): AsyncGenerator<string>;
  close(): void;
}

export function dockerHttp(dial: Dial): DockerHttp {
  const agent = new DialAgent(dial);
  const send = (method: string, path: string): ClientRequest => request({ agent, method, path, host: "docker" });
  return {
    ping: async (timeoutMs) => {
      try {
        const answer = await receive(send("GET", "/_ping"), timeoutMs);
        return (await readAll(answer, timeoutMs)).toString() === "OK" && answer.statusCode === 200;
      } catch {
        return false;
      }
    },
    getJson: (path, timeoutMs = 15_000) => exchange(send("GET", path), path, timeoutMs),
    upload: (path, body) => upload(send("POST", path), path, body),
    lines: async function* (path, signal) {
      const answer = await receive(send("GET", path), 15_000);
      const stop = () => answer.destroy();
      signal.addEventListener("abort", stop, { once: true });
      try {
        yield* splitLines(answer);
      } finally {
        signal.removeEventListener("abort", stop);
        answer.destroy();
      }
    },
    close: () => agent.destroy(),
  };
}

/** What Node's agent calls on a connection that it keeps, and a channel has not. */
const socketMembers = {
  setKeepAlive: () => undefined,
  setTimeout: () => undefined,
  ref: () => undefined,
  unref: () => undefined,
};

/** Node's own agent, except that its connections are channels into the guest. */
class DialAgent extends Agent {
  readonly #dial: Dial;

  constructor(dial: Dial) {
    super({ keepAlive: true, maxFreeSockets: 2 });
    this.#dial = dial;
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | undefined {
    const connect = async () => {
      try {
        callback?.(null, Object.assign(await this.#dial(), socketMembers));
      } catch (error) {
        // Node reads the stream only where there is no error.
        callback?.(error as Error, undefined as unknown as Duplex);
      }
    };
    void connect();
    return undefined;
  }
}

function receive(sent: ClientRequest, timeoutMs: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const late = new AppError("timeout", `The guest's Docker did not answer within ${timeoutMs / 1000} s.`);
      // A request that has no connection yet tells of its end only when it gets one.
      reject(late);
      sent.destroy(late);
    }, timeoutMs);
    sent.once("response", (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    sent.on("error", (error) => {
      clearTimeout(timer);
      reject(error instanceof AppError ? error : new AppError("unavailable", error.message, { cause: error }));
    });
    sent.end();
  });
}

async function readAll(answer: IncomingMessage, timeoutMs: number): Promise<Buffer> {
  const timer = setTimeout(() => answer.destroy(new AppError("timeout", "The answer did not end.")), timeoutMs);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(sent: ClientRequest, path: string, timeoutMs: number): Promise<unknown> {
  const answer = await receive(sent, timeoutMs);
  const body = (await readAll(answer, timeoutMs)).toString("utf8");
  if ((answer.statusCode ?? 500) >= 400) throw new AppError("internal", `${path}: ${body.slice(0, 300)}`);
  return body === "" ? undefined : JSON.parse(body);
}

async function upload(sent: ClientRequest, path: string, body: Readable): Promise<void> {
  sent.setHeader("Content-Type", "application/x-tar");
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once("response", resolve);
    sent.once("error", reject);
  });
  const timeout = AbortSignal.timeout(300_000);
  const [answer] = await Promise.all([answered, pipeline(body, sent, { signal: timeout })]);
  const text = (await readAll(answer, 60_000)).toString("utf8");
  if ((answer.statusCode ?? 500) >= 400) throw new AppError("internal", `${path}: ${text.slice(0, 300)}`);
}

async function* splitLines(answer: IncomingMessage): AsyncGenerator<string> {
  answer.setEncoding("utf8");
  let rest = "";
  try {
    for await (const text of answer) {
      const lines = (rest + String(text)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") yield line;
    }
  } catch {
    // A connection that broke ends the lines; the caller opens another.
  }
}

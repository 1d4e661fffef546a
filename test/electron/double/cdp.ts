import { once } from "node:events";
import { WebSocket } from "ws";
// Only its types; the package does not export them by name.
import type { Protocol } from "../../../node_modules/playwright-core/types/protocol.d.ts";

type Params = Protocol.CommandParameters;
type Results = Protocol.CommandReturnValues;
type Events = Protocol.Events;
type Listener = (payload: never) => void;

interface Incoming {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** One session of a browser's debugging connection: the browser itself or one of its pages. */
export class CdpSession {
  readonly #connection: CdpConnection;
  readonly #id: string | undefined;
  readonly #listeners = new Map<string, Listener[]>();

  constructor(connection: CdpConnection, id?: string) {
    this.#connection = connection;
    this.#id = id;
  }

  send<M extends keyof Params>(method: M, params?: Params[M]): Promise<Results[M]> {
    // The answer to a command has the command's type; the wire does not know it.
    return this.#connection.send(method, params, this.#id) as Promise<Results[M]>;
  }

  on<M extends keyof Events>(method: M, listener: (payload: Events[M]) => void): void {
    this.#listeners.set(method, [...(this.#listeners.get(method) ?? []), listener as Listener]);
  }

  receive(method: string, payload: unknown): void {
    for (const listener of this.#listeners.get(method) ?? []) listener(payload as never);
  }
}

/** A debugging connection to a running Chromium. */
export class CdpConnection {
  readonly browser = new CdpSession(this);
  readonly #socket: WebSocket;
  readonly #sessions = new Map<string, CdpSession>();
  readonly #pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #nextId = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => this.#receive(JSON.parse(data.toString("utf8"))));
  }

  static async open(url: string): Promise<CdpConnection> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, "open");
    return new CdpConnection(socket);
  }

  session(id: string): CdpSession {
    const known = this.#sessions.get(id) ?? new CdpSession(this, id);
    this.#sessions.set(id, known);
    return known;
  }

  send(method: string, params: unknown, sessionId: string | undefined): Promise<unknown> {
    const id = this.#nextId++;
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject: (error) => reject(new Error(`${method}: ${error.message}`)) });
    });
  }

  #receive(message: Incoming): void {
    if (message.id === undefined) {
      const session = message.sessionId ? this.#sessions.get(message.sessionId) : this.browser;
      if (message.method) session?.receive(message.method, message.params);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error) pending?.reject(new Error(message.error.message));
    else pending?.resolve(message.result);
  }
}

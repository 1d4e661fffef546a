import { AppError } from "../errors.ts";
import type { Port } from "./port.ts";
import type { Client, Contract, RequestOptions } from "./procedure.ts";
import { type Response, responseSchema } from "./response.ts";

/**
 * Items that a producer may send before the consumer has used the first. Small, because an item is a batch (of log
 * lines, of bytes): 16 x 64 KiB is the most that one stream can hold in flight.
 */
const creditWindow = 16;

interface Pending {
  onItem(value: unknown): void;
  onEnd(value: unknown): void;
  onError(error: AppError): void;
}

const closedMessage =
  "The connection to Longshore's engine was closed. It reconnects by itself; try again in a moment.";

/** Requests in flight over one port. */
class Connection {
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #closed = false;

  constructor(port: Port) {
    this.#port = port;
    port.onMessage((message) => this.#receive(message));
    port.onClose(() => {
      this.#closed = true;
      for (const pending of this.#pending.values()) pending.onError(new AppError("unavailable", closedMessage));
      this.#pending.clear();
    });
  }

  open(procedure: string, input: unknown, pending: Pending & { credit: number }): number {
    if (this.#closed) throw new AppError("unavailable", closedMessage);
    const id = this.#nextId++;
    this.#pending.set(id, pending);
    this.#port.send({ type: "open", id, procedure, input, credit: pending.credit });
    return id;
  }

  grant(id: number): void {
    if (this.#pending.has(id)) this.#port.send({ type: "credit", id, count: 1 });
  }

  /** Tells the source to stop; without effect once the request has ended. */
  cancel(id: number): void {
    if (this.#pending.delete(id)) this.#port.send({ type: "cancel", id });
  }

  #receive(message: unknown): void {
    const parsed = responseSchema.safeParse(message);
    if (!parsed.success) return;
    const response: Response = parsed.data;
    const pending = this.#pending.get(response.id);
    if (!pending) return;
    if (response.type === "item") {
      pending.onItem(response.value);
      return;
    }
    this.#pending.delete(response.id);
    if (response.type === "end") {
      pending.onEnd(response.value);
      return;
    }
    const { code, message: text, data } = response.error;
    pending.onError(new AppError(code, text, data ? { data } : {}));
  }
}

function cancelledError(): AppError {
  return new AppError("cancelled", "The request was cancelled.");
}

/** A procedure by its wire name, and where it is served. */
interface Target {
  readonly connection: Connection;
  readonly name: string;
}

function request({ connection, name }: Target, input: unknown, { signal }: RequestOptions = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelledError());
    const settled = (): void => signal?.removeEventListener("abort", onAbort);
    const id = connection.open(name, input, {
      credit: 0,
      onItem: () => {},
      onEnd: (value) => {
        settled();
        resolve(value);
      },
      onError: (error) => {
        settled();
        reject(error);
      },
    });
    function onAbort(): void {
      connection.cancel(id);
      reject(cancelledError());
    }
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

async function* iterate(
  { connection, name }: Target,
  input: unknown,
  { signal }: RequestOptions = {},
): AsyncGenerator<unknown> {
  if (signal?.aborted) throw cancelledError();
  const queue: unknown[] = [];
  let finish: { error?: AppError } | undefined;
  let wake = (): void => {};
  const stop = (outcome: { error?: AppError }): void => {
    finish ??= outcome;
    wake();
  };
  const onAbort = (): void => stop({ error: cancelledError() });
  const id = connection.open(name, input, {
    credit: creditWindow,
    onItem: (value) => {
      queue.push(value);
      wake();
    },
    onEnd: () => stop({}),
    onError: (error) => stop({ error }),
  });
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    while (true) {
      if (signal?.aborted) throw cancelledError();
      if (queue.length > 0) {
        yield queue.shift();
        // Granted here, after the consumer came back for more: an item counts when it was used, not when it arrived.
        connection.grant(id);
      } else if (finish) {
        if (finish.error) throw finish.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    connection.cancel(id);
  }
}

/** A typed client over a port. Leaving a `for await` loop, an abort and a closed port all stop the source. */
export function createClient<C extends Contract>(contract: C, port: Port): Client<C> {
  const connection = new Connection(port);
  const areas = Object.entries(contract).map(([area, procedures]) => {
    const methods = Object.entries(procedures).map(([name, procedure]) => {
      const start = procedure.kind === "call" ? request : iterate;
      const target = { connection, name: `${area}.${name}` };
      return [name, (input: unknown, options?: RequestOptions) => start(target, input, options)];
    });
    return [area, Object.fromEntries(methods)];
  });
  // Built from the contract's own entries, which is what `Client<C>` is derived from; the compiler cannot follow that.
  return Object.fromEntries(areas) as Client<C>;
}

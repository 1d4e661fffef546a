import { chmod, rename, rm, stat } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { AppError, toAppError } from "#contract/errors.ts";
import { type CreateCheck, requestGuard } from "./request-guard.ts";

interface RelayOptions {
  /** Path of the socket; on Windows the name of a pipe. */
  readonly path: string;
  /** Opens a way into the guest; may wait until the machine is awake, and throws what the client is told. */
  readonly dial: (signal: AbortSignal) => Promise<Duplex>;
  /** Why a container may not be created; absent where nobody looks. */
  readonly check?: CreateCheck;
  /** Resolves, and never rejects, when the ports of a container that was just started are open; its answer waits for it. */
  readonly portsOpen?: () => Promise<void>;
}

export interface Relay {
  /** Clients that are connected now. */
  readonly connections: number;
  /** When the last client left or came, by `performance.now()`. */
  readonly lastUse: number;
  close(): Promise<void>;
}

/**
 * The Docker socket for other tools. Every connection is carried to the guest's own socket; each half ends
 * for itself, because `docker run -i` says "no more input" in that way.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const clients = new Set<Socket>();
  let lastUse = performance.now();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) => {
    clients.add(client);
    lastUse = performance.now();
    client.once("close", () => {
      clients.delete(client);
      lastUse = performance.now();
    });
    client.on("error", () => client.destroy());
    void carry(client, options);
  });
  await listenPrivately(server, options.path);
  return {
    get connections() {
      return clients.size;
    },
    get lastUse() {
      return lastUse;
    },
    close: async () => {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
      if (process.platform !== "win32") await rm(options.path, { force: true });
    },
  };
}

/** The socket appears at its path with its final mode, and replaces one that a crash left behind. */
async function listenPrivately(server: Server, path: string): Promise<void> {
  if (process.platform === "win32") return listen(server, path);
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  await listen(server, fresh);
  await chmod(fresh, 0o600);
  await rename(fresh, path);
  await stat(path);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(new AppError("unavailable", `The socket ${path} cannot be opened: ${cause.message}.`, { cause }));
    });
    server.listen(path, () => resolve());
  });
}

async function carry(client: Socket, { dial, check, portsOpen }: RelayOptions): Promise<void> {
  const left = new AbortController();
  const leave = () => left.abort();
  client.once("close", leave);
  try {
    const guest = await dial(left.signal);
    if (client.destroyed) {
      guest.destroy();
      return;
    }
    const refuse = (why: string) => client.end(httpError(400, why));
    const onStart = () => portsOpen && holdAnswer(client, guest, portsOpen);
    join(client, guest, check && requestGuard({ check, refuse, onStart }));
  } catch (error) {
    if (!client.destroyed) turnAway(client, toAppError(error));
  } finally {
    client.off("close", leave);
  }
}

function join(client: Socket, guest: Duplex, filter: Duplex | undefined): void {
  if (filter) client.pipe(filter).pipe(guest);
  else client.pipe(guest);
  guest.pipe(client);
  guest.on("error", () => guest.destroy());
  // A side that breaks without having ended takes the other one with it.
  guest.once("close", () => client.destroySoon());
  client.once("close", () => guest.destroy());
}

/** Who has started a container may use its ports at once: the guest's answer is there before the client gets it. */
function holdAnswer(client: Socket, guest: Duplex, portsOpen: () => Promise<void>): void {
  guest.unpipe(client);
  guest.once("readable", () => {
    void portsOpen().finally(() => guest.pipe(client));
  });
}

/** An answer in the words of Docker's API, so that every client shows the message. */
function turnAway(client: Socket, error: AppError): void {
  client.end(httpError(503, error.message));
  client.resume();
}

/** A whole HTTP answer that ends the connection. */
export function httpError(status: number, message: string): string {
  const body = `${JSON.stringify({ message })}\n`;
  const head = [
    `HTTP/1.1 ${status} ${status === 400 ? "Bad Request" : "Service Unavailable"}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

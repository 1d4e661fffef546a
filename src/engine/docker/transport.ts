import { Agent, type ClientRequestArgs } from "node:http";
import { connect as connectSocket, isIP, type OnReadOpts } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { Address } from "./address.ts";
import { ConnectionLostError } from "./errors.ts";
import { SshStream } from "./ssh-stream.ts";

const tcpKeepAliveMs = 15_000;

/** One connection to an engine. Plain sockets read as `onread` says, where it is given; others emit `data` all the same. */
function dial(address: Address, onread?: OnReadOpts): Duplex {
  const reading = onread ? { onread } : {};
  switch (address.kind) {
    case "socket":
      return connectSocket({ path: address.path, ...reading });
    case "ssh":
      return new SshStream(address);
    case "tcp": {
      const { hostname, port, tls } = address;
      const keepAlive = { keepAlive: true, keepAliveInitialDelay: tcpKeepAliveMs, noDelay: true };
      if (!tls) return connectSocket({ host: hostname, port, ...keepAlive, ...reading });
      const { verify, ...material } = tls;
      // RFC 6066 knows no addresses as server names; the certificate is checked against the address all the same.
      const name = isIP(hostname) === 0 ? { servername: hostname } : {};
      return connectTls({ host: hostname, port, rejectUnauthorized: verify, ...name, ...material, ...keepAlive });
    }
  }
}

/** Gives node:http (and through it dockerode) its connections to one engine, whatever lies between. */
export class EngineAgent extends Agent {
  readonly #address: Address;
  readonly #ended = new AbortController();

  constructor(address: Address, options: { keepAlive: boolean }) {
    // Idle connections are few: an ssh connection is a process, and the engine answers quickly.
    super({ keepAlive: options.keepAlive, maxFreeSockets: 4 });
    this.#address = address;
  }

  /** Aborts when the agent ends its connections. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Ends all connections, and makes no more: what still runs for a session that is over would leave its own open. */
  override destroy(): void {
    this.#ended.abort();
    super.destroy();
  }

  /** A connection of its own, which reads as `onread` says where it is given. */
  dial(onread?: OnReadOpts): Duplex {
    if (this.ended.aborted) throw new ConnectionLostError();
    return dial(this.#address, onread);
  }

  /** On this computer: a connection is only cut where the engine ends. */
  get isLocal(): boolean {
    return this.#address.kind === "socket";
  }

  override createConnection(_options: ClientRequestArgs): Duplex {
    return this.dial();
  }
}

import { EventEmitter } from "node:events";
import type Electron from "electron";

/** Stands for Electron's `MessagePortMain`: messages wait until `start`, and `close` reaches both ends. */
export class PortDouble extends EventEmitter implements Pick<Electron.MessagePortMain, "start" | "close"> {
  readonly #send: (message: unknown) => void;
  readonly #onClose: () => void;
  readonly #early: unknown[] = [];
  #started = false;
  #closed = false;

  constructor(send: (message: unknown) => void, onClose: () => void) {
    super();
    this.#send = send;
    this.#onClose = onClose;
  }

  postMessage(message: unknown): void {
    // A copy, as structured clone makes one: later changes of the sender's object do not travel.
    if (!this.#closed) this.#send(structuredClone(message));
  }

  start(): void {
    this.#started = true;
    for (const data of this.#early.splice(0)) this.emit("message", { data, ports: [] });
  }

  close(): void {
    if (this.#closed) return;
    this.end();
    this.#onClose();
  }

  /** The other end sent something. */
  deliver(data: unknown): void {
    if (this.#started) this.emit("message", { data, ports: [] });
    else this.#early.push(data);
  }

  /** The other end is gone. */
  end(): void {
    if (this.#closed) return;
    this.#closed = true;
    queueMicrotask(() => this.emit("close"));
  }
}

/** Stands for Electron's `MessageChannelMain`: both ends in this process. */
export class MessageChannelMain {
  readonly port1: PortDouble;
  readonly port2: PortDouble;

  constructor() {
    this.port1 = new PortDouble(
      (message) => setImmediate(() => this.port2.deliver(message)),
      () => this.port2.end(),
    );
    this.port2 = new PortDouble(
      (message) => setImmediate(() => this.port1.deliver(message)),
      () => this.port1.end(),
    );
  }
}

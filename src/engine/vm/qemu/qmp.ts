import { connect, type Socket } from "node:net";
import { AppError } from "#contract/errors.ts";

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

interface QmpMessage {
  readonly QMP?: unknown;
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
  readonly event?: string;
  readonly data?: Record<string, unknown>;
}

/**
 * QEMU's machine protocol over its socket: one JSON object a line.
 * Source: https://www.qemu.org/docs/master/interop/qmp-spec.html
 */
export class Qmp {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  readonly #greeting = Promise.withResolvers<void>();
  readonly #onEvent: (name: string, data: Record<string, unknown>) => void;
  #nextId = 1;
  #rest = "";
  /** Resolves when the connection has ended, for whatever reason. */
  readonly closed: Promise<void>;

  private constructor(socket: Socket, onEvent: (name: string, data: Record<string, unknown>) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.#read(text));
    socket.on("error", () => socket.destroy());
    this.#greeting.promise.catch(() => undefined);
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#failAll();
        resolve();
      });
    });
  }

  /** Connects and leaves the negotiation mode. Throws `unavailable` where nobody listens, `timeout` where QEMU hangs. */
  static async open(
    path: string,
    onEvent: (name: string, data: Record<string, unknown>) => void = () => undefined,
    timeoutMs = 5_000,
  ): Promise<Qmp> {
    const socket = await connectSocket(path);
    const qmp = new Qmp(socket, onEvent);
    const timer = setTimeout(
      () => qmp.#greeting.reject(new AppError("timeout", "QEMU does not answer on its control socket.")),
      timeoutMs,
    );
    try {
      await qmp.#greeting.promise;
      await qmp.execute("qmp_capabilities", {}, timeoutMs);
      return qmp;
    } catch (error) {
      qmp.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Runs one command. Throws `internal` with QEMU's words, `timeout`, or `unavailable` when QEMU has ended. */
  execute(command: string, args: Record<string, unknown> = {}, timeoutMs = 5_000): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(gone());
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new AppError("timeout", `QEMU did not answer ${command} within ${timeoutMs / 1000} s.`));
      }, timeoutMs);
      this.#pending.set(id, { resolve, reject, timer });
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    });
  }

  /** Runs a line of the human monitor and returns its text; failures are only text there. */
  async monitor(line: string): Promise<string> {
    const answer = await this.execute("human-monitor-command", { "command-line": line });
    return typeof answer === "string" ? answer : "";
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = parseMessage(line);
      if (message) this.#handle(message);
    }
  }

  #handle(message: QmpMessage): void {
    if (message.QMP !== undefined) this.#greeting.resolve();
    else if (message.event !== undefined) this.#onEvent(message.event, message.data ?? {});
    else if (message.id !== undefined) this.#settle(message.id, message);
  }

  #settle(id: number, message: QmpMessage): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (message.error) pending.reject(new AppError("internal", `QEMU: ${message.error.desc}`));
    else pending.resolve(message.return);
  }

  #failAll(): void {
    this.#greeting.reject(gone());
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(gone());
    }
    this.#pending.clear();
  }
}

/** A line that is no JSON is skipped: its command then ends by its deadline. */
function parseMessage(line: string): QmpMessage | undefined {
  try {
    return JSON.parse(line) as QmpMessage; // The protocol of a program that we started ourselves.
  } catch {
    return undefined;
  }
}

function gone(): AppError {
  return new AppError("unavailable", "QEMU has ended.");
}

function connectSocket(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", (cause) => {
      reject(new AppError("unavailable", `QEMU's control socket ${path} cannot be reached.`, { cause }));
    });
  });
}

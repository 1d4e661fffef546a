import type { Port } from "#contract/rpc/port.ts";

/** The two ends of a worker thread: `Worker` outside, `parentPort` inside. */
interface ThreadEnd {
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: unknown) => void): unknown;
  on(event: "exit" | "close", listener: () => void): unknown;
}

/** A `Port` over a worker thread. */
export function threadPort(end: ThreadEnd, options: { closeEvent: "exit" | "close"; close: () => void }): Port {
  let closed = false;
  const listeners: (() => void)[] = [];
  end.on(options.closeEvent, () => {
    closed = true;
    for (const listener of listeners) listener();
  });
  return {
    send(message) {
      if (!closed) end.postMessage(message);
    },
    onMessage: (listener) => void end.on("message", listener),
    onClose(listener) {
      if (closed) queueMicrotask(listener);
      else listeners.push(listener);
    },
    close: options.close,
  };
}

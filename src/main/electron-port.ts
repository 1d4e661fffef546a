import type { MessagePortMain } from "electron";
import type { Port } from "#contract";

/** A `Port` over Electron's end of a message channel. Until someone listens, Electron keeps what arrives. */
export function electronPort(port: MessagePortMain): Port {
  let closed = false;
  const closeListeners: (() => void)[] = [];
  port.once("close", () => {
    closed = true;
    for (const listener of closeListeners) listener();
  });
  return {
    send(message) {
      if (!closed) port.postMessage(message);
    },
    onMessage(listener) {
      port.on("message", ({ data }) => listener(data));
      port.start();
    },
    onClose(listener) {
      if (closed) queueMicrotask(listener);
      else closeListeners.push(listener);
    },
    close: () => port.close(),
  };
}

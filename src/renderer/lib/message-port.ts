import type { Port } from "#contract";

/** A `Port` over a DOM `MessagePort`; structured clone carries bytes as they are. */
export function messagePort(port: MessagePort): Port {
  let closed = false;
  const closeListeners: (() => void)[] = [];
  const end = (): void => {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners) listener();
  };
  port.addEventListener("close", end);
  return {
    send(message) {
      if (!closed) port.postMessage(message);
    },
    onMessage(listener) {
      port.addEventListener("message", (event) => listener(event.data));
      // Until now the port keeps what arrives.
      port.start();
    },
    onClose(listener) {
      if (closed) queueMicrotask(listener);
      else closeListeners.push(listener);
    },
    close() {
      port.close();
      end();
    },
  };
}

import { decodeMessage, encodeMessage, type Port } from "#contract";

/** A `Port` over the browser's end of a WebSocket; resolves once it is open. */
export function connectSocket(url: string): Promise<Port> {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  const early: unknown[] = [];
  let listener: ((message: unknown) => void) | undefined;
  socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
    const message = decodeMessage(typeof data === "string" ? data : new Uint8Array(data));
    if (listener) listener(message);
    else early.push(message);
  });
  const port: Port = {
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(encodeMessage(message));
    },
    onMessage(next) {
      listener = next;
      for (const message of early.splice(0)) next(message);
    },
    onClose(next) {
      if (socket.readyState === WebSocket.CLOSED) queueMicrotask(next);
      else socket.addEventListener("close", () => next(), { once: true });
    },
    close: () => socket.close(1000),
  };
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(port), { once: true });
    socket.addEventListener("error", () => reject(new Error(`cannot connect to ${new URL(url).origin}`)), {
      once: true,
    });
  });
}

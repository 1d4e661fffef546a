import type { WebSocket } from "ws";
import { decodeMessage, encodeMessage } from "#contract/rpc/codec.ts";
import type { Port } from "#contract/rpc/port.ts";

/** A `Port` over the server's end of a WebSocket. A frame that cannot be read closes it: nothing after it can be trusted. */
export function socketPort(socket: WebSocket): Port {
  socket.binaryType = "nodebuffer";
  const early: unknown[] = [];
  let listener: ((message: unknown) => void) | undefined;
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    let message: unknown;
    try {
      message = decodeMessage(isBinary ? data : data.toString("utf8"));
    } catch {
      socket.close(1007, "malformed message");
      return;
    }
    if (listener) listener(message);
    else early.push(message);
  });
  return {
    send(message) {
      if (socket.readyState === socket.OPEN) socket.send(encodeMessage(message));
    },
    onMessage(next) {
      listener = next;
      for (const message of early.splice(0)) next(message);
    },
    onClose(next) {
      if (socket.readyState === socket.CLOSED) queueMicrotask(next);
      else socket.once("close", next);
    },
    close: () => socket.close(1000),
  };
}

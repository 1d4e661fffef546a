import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { connectSocket } from "#renderer/lib/socket-port.ts";
import { socketPort } from "#server/socket-port.ts";
import { rpcCases } from "./cases.ts";

describe("rpc over a WebSocket", () => {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  beforeAll(async () => {
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
  });
  afterAll(() => {
    sockets.close();
    http.close();
  });

  rpcCases(async () => {
    const { port } = http.address() as AddressInfo;
    const accepted = once(sockets, "connection") as Promise<[WebSocket]>;
    const client = await connectSocket(`ws://127.0.0.1:${port}/`);
    const [socket] = await accepted;
    return {
      server: socketPort(socket),
      client,
      close: async () => {
        client.close();
        socket.terminate();
      },
    };
  });
});

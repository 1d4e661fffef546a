import { describe } from "vitest";
import { messagePort } from "#renderer/lib/message-port.ts";
import { rpcCases } from "./cases.ts";

describe("rpc over a message port", () => {
  rpcCases(async () => {
    const { port1, port2 } = new MessageChannel();
    const [server, client] = [messagePort(port1), messagePort(port2)];
    return {
      server,
      client,
      close: async () => {
        client.close();
        server.close();
      },
    };
  });
});

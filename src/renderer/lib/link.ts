import { create } from "zustand";
import { contract, createClient, type LongshoreClient, type Port } from "#contract";
import { portMessage } from "#contract/desktop.ts";
import { backoffMs, pause } from "./backoff.ts";
import { messagePort } from "./message-port.ts";
import { exchangeCode, isSessionOver, takeCode } from "./session.ts";
import { connectSocket } from "./socket-port.ts";

/**
 * The link between this page and Longshore's own process; not to be confused with the connection to the Docker Engine.
 * `ended`: the session is over, and no retry can help.
 */
export type LinkStatus = "connecting" | "open" | "lost" | "ended";

interface Link {
  readonly status: LinkStatus;
  /** Present while open. */
  readonly client: LongshoreClient | undefined;
}

export const useLink = create<Link>(() => ({ status: "connecting", client: undefined }));

/** The shell sends the port once the page is there, so the listener stands before anything else runs. */
function receivePort(): Promise<Port> {
  return new Promise((resolve) => {
    const listen = (event: MessageEvent<unknown>): void => {
      const [port] = event.ports;
      const { data } = event;
      const isPort = typeof data === "object" && data !== null && "type" in data && data.type === portMessage;
      if (event.source !== window || !isPort || !port) return;
      window.removeEventListener("message", listen);
      resolve(messagePort(port));
    };
    window.addEventListener("message", listen);
  });
}

function runOver(port: Port): Promise<void> {
  useLink.setState({ status: "open", client: createClient(contract, port) });
  return new Promise((resolve) => port.onClose(resolve));
}

async function linkBySocket(): Promise<void> {
  const code = takeCode();
  if (code) await exchangeCode(code);
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  for (let attempt = 0; ; attempt += 1) {
    const port = await connectSocket(`${scheme}//${location.host}/rpc`).catch(() => undefined);
    if (port) {
      attempt = 0;
      await runOver(port);
    }
    if (await isSessionOver()) {
      useLink.setState({ status: "ended", client: undefined });
      return;
    }
    useLink.setState({ status: "lost", client: undefined });
    await pause(backoffMs(attempt));
  }
}

async function linkByPort(): Promise<void> {
  for (;;) {
    await runOver(await receivePort());
    useLink.setState({ status: "lost", client: undefined });
  }
}

/** Connects for the life of the page. */
export function startLink(): void {
  // Browser mode is plain HTTP on 127.0.0.1; the desktop has a scheme of its own.
  const isDesktop = location.protocol !== "http:";
  void (isDesktop ? linkByPort() : linkBySocket());
}

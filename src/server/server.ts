import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { WebSocketServer } from "ws";
import type { LongshoreContract } from "#contract";
import { AppError } from "#contract/errors.ts";
import type { ServedAreas } from "#contract/rpc/procedure.ts";
import { serve } from "#contract/rpc/server.ts";
import { readAsset } from "./assets.ts";
import { cookieName, readCookie, refusal } from "./guard.ts";
import { commonHeaders, renderPage } from "./page.ts";
import { createSessions, type Sessions } from "./session.ts";
import { socketPort } from "./socket-port.ts";

export interface ServerOptions {
  readonly areas: ServedAreas<LongshoreContract>;
  /** TCP port on 127.0.0.1; 0 takes any that is free. */
  readonly port: number;
  /** Folder of the built renderer. */
  readonly pages: string;
  readonly onInternalError: (error: unknown, procedure: string) => string;
  /** A page that has a session is being loaded; its requests follow in a moment. */
  readonly onPage: () => void;
}

export interface BrowserServer {
  /** Address with a fresh one-time code. */
  issueUrl(): string;
  close(): Promise<void>;
}

/** A code is 43 characters; a body beyond this is none of ours. */
const maxBodyBytes = 1024;

/** Largest message from the page: an edited file of 4 MiB and its envelope. */
const maxMessageBytes = 8 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  request.setEncoding("utf8");
  for await (const chunk of request) {
    body += chunk;
    if (body.length > maxBodyBytes) throw new AppError("bad_request", "The request is too large.");
  }
  return body;
}

function codeOf(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed && "code" in parsed && typeof parsed.code === "string") return parsed.code;
  } catch {
    // Not JSON: no code.
  }
  return undefined;
}

function answer(response: ServerResponse, status: number, text = ""): void {
  response.writeHead(status, {
    ...commonHeaders,
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
  });
  response.end(text);
}

async function startSession(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  sessions: Sessions,
  port: number,
): Promise<void> {
  const code = codeOf(await readBody(request));
  const cookie = code === undefined ? undefined : sessions.redeem(code);
  if (cookie === undefined) return answer(response, 403, "This link was used already or is not valid.");
  response.setHeader("Set-Cookie", `${cookieName(port)}=${cookie}; HttpOnly; SameSite=Strict; Path=/`);
  answer(response, 204);
}

async function servePage(response: ServerResponse, pages: string, path: string): Promise<void> {
  if (path === "/") {
    const page = renderPage(await readFile(join(pages, "index.html"), "utf8"));
    response.writeHead(200, page.headers).end(page.html);
    return;
  }
  const asset = await readAsset(pages, path);
  if (!asset || path.endsWith(".html")) return answer(response, 404, "There is nothing at this address.");
  // Built files carry a hash of their content in their names.
  const cache = path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  response
    .writeHead(200, { ...commonHeaders, "Content-Type": asset.contentType, "Cache-Control": cache })
    .end(asset.bytes);
}

/** Serves the page and the contract on 127.0.0.1. Errors: unavailable where the port is taken. */
export async function startServer(options: ServerOptions): Promise<BrowserServer> {
  const sessions = createSessions();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  let port = options.port;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const refused = refusal(request, port);
    if (refused) return answer(response, 403, `Refused: ${refused}.`);
    if (request.method === "POST" && path === "/session") return startSession({ request, response }, sessions, port);
    if (request.method !== "GET" && request.method !== "HEAD") return answer(response, 405);
    // Whether the cookie still holds; a WebSocket that is refused cannot tell the page why.
    if (path === "/session") return answer(response, sessions.isValid(readCookie(request, port)) ? 204 : 401);
    if (path === "/" && sessions.isValid(readCookie(request, port))) options.onPage();
    await servePage(response, options.pages, path);
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      if (!response.headersSent)
        answer(response, error instanceof AppError ? 400 : 500, "The request could not be answered.");
      else response.destroy();
    });
  });

  server.on("upgrade", (request, socket: Socket, head: Buffer) => {
    const allowed =
      refusal(request, port) === undefined &&
      request.headers.origin !== undefined &&
      request.url === "/rpc" &&
      sessions.isValid(readCookie(request, port));
    if (!allowed) {
      socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const { areas, onInternalError } = options;
      serve(areas, { port: socketPort(webSocket), onInternalError });
    });
  });

  server.listen(options.port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw cause;
    const what = code === "EACCES" ? "may not be used by this account" : "is taken by another program";
    throw new AppError(
      "unavailable",
      `Port ${options.port} on 127.0.0.1 ${what}. Choose another with --port N, or 0 for any.`,
    );
  }
  // A listening TCP server's address is this object, never a pipe's name.
  ({ port } = server.address() as AddressInfo);

  return {
    issueUrl: () => `http://127.0.0.1:${port}/#code=${sessions.issueCode()}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

import { randomBytes } from "node:crypto";
import { createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import type { Session } from "../docker/session.ts";
import { bytesField, numberField, readFields } from "./protobuf.ts";

/** What BuildKit may ask of the side that started a build. */
export interface SessionAnswers {
  /** Content of a secret; undefined where the build was given none by that id. */
  secret(id: string): Promise<Buffer | undefined>;
  /** Login for a registry's host, or undefined. */
  login(host: string): Promise<{ user: string; secret: string } | undefined>;
}

export interface BuildSession {
  readonly id: string;
  close(): void;
}

const health = "/grpc.health.v1.Health/Check";
const getSecret = "/moby.buildkit.secrets.v1.Secrets/GetSecret";
const credentials = "/moby.filesync.v1.Auth/Credentials";

/** gRPC's codes (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
const ok = 0;
const notFound = 5;
const unimplemented = 12;
const internal = 13;

const prefixBytes = 5;
const maxRequestBytes = 1 << 20;
const serving = 1;

class GrpcError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function textField(message: Buffer, wanted: number): string {
  for (const { number, value } of readFields(message)) {
    if (number === wanted && typeof value !== "number") return value.toString("utf8");
  }
  return "";
}

async function answer(path: string, message: Buffer, answers: SessionAnswers): Promise<Buffer> {
  if (path === health) return numberField(1, serving);
  if (path === getSecret) {
    const id = textField(message, 1);
    const secret = await answers.secret(id);
    if (!secret) throw new GrpcError(notFound, `secret ${id} not found`);
    return bytesField(1, secret);
  }
  if (path === credentials) {
    // Docker Hub asks by the host that serves it.
    const login = await answers.login(textField(message, 1));
    return login ? Buffer.concat([bytesField(1, login.user), bytesField(2, login.secret)]) : Buffer.alloc(0);
  }
  throw new GrpcError(unimplemented, `unknown method ${path}`);
}

async function readRequest(stream: ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxRequestBytes) throw new GrpcError(internal, "the request is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).subarray(prefixBytes);
}

async function serveStream(stream: ServerHttp2Stream, path: string, answers: SessionAnswers): Promise<void> {
  const headers = { ":status": 200, "content-type": "application/grpc" };
  stream.on("error", () => {});
  try {
    const message = await answer(path, await readRequest(stream), answers);
    const prefix = Buffer.alloc(prefixBytes);
    prefix.writeUInt32BE(message.length, 1);
    stream.respond(headers, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(ok) }));
    stream.end(Buffer.concat([prefix, message]));
  } catch (error) {
    if (stream.destroyed) return;
    const status = error instanceof GrpcError ? error.status : internal;
    const words = error instanceof GrpcError ? error.message : "the answer failed";
    // "Trailers only": an answer without a body.
    stream.respond({ ...headers, "grpc-status": String(status), "grpc-message": words }, { endStream: true });
  }
}

function serveOn(socket: Duplex, answers: SessionAnswers): Http2Server {
  const server = createServer();
  server.on("stream", (stream, headers) => void serveStream(stream, String(headers[":path"]), answers));
  server.on("sessionError", () => {});
  server.emit("connection", socket);
  return server;
}

/**
 * `POST /session`: a connection on which BuildKit asks us, by gRPC, for secrets and logins while a build runs
 * (moby/buildkit, session/). Errors: those of an engine without BuildKit.
 */
export async function openBuildSession(
  session: Session,
  answers: SessionAnswers,
  signal: AbortSignal,
): Promise<BuildSession> {
  const id = randomBytes(16).toString("hex");
  const socket = await session.http.upgrade({
    about: { verb: "open a build session with", kind: "engine" },
    path: "/session",
    protocol: "h2c",
    headers: {
      "x-docker-expose-session-uuid": id,
      "x-docker-expose-session-name": "longshore",
      "x-docker-expose-session-sharedkey": "",
      "x-docker-expose-session-grpc-method": [health, getSecret, credentials],
    },
    signal,
  });
  socket.on("error", () => {});
  serveOn(socket, answers);
  return { id, close: () => void socket.destroy() };
}

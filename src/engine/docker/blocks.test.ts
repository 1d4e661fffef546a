import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { connect, createServer as createSocketServer, type Server as SocketServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AnswerReader } from "./answer-reader.ts";
import { BlockRequest, type Blocks } from "./blocks.ts";

let folder: string;
let path: string;
let server: Server | SocketServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "longshore-blocks-"));
  path = join(folder, "s");
});

afterEach(async () => {
  await new Promise((closed) => (server ? server.close(closed) : closed(undefined)));
  server = undefined;
  rmSync(folder, { recursive: true });
});

async function listen(made: Server | SocketServer): Promise<void> {
  server = made;
  await new Promise<void>((ready) => made.listen(path, ready));
}

const serve = (listener: RequestListener): Promise<void> => listen(createServer(listener));

/** Serves these very bytes to whoever connects, and hangs up. */
const serveBytes = (text: string): Promise<void> =>
  listen(
    createSocketServer((socket) => {
      socket.once("data", () => socket.end(text));
      socket.on("error", () => {});
    }),
  );

/** Both ways of reading: into one buffer, and by `data` as TLS and ssh give it. */
const ways = [true, false] as const;

function get(intoBuffer = true, signal = new AbortController().signal): Promise<Blocks> {
  const request = new BlockRequest((onread) => connect(intoBuffer ? { path, onread } : { path }), {
    path: "/x",
    signal,
  });
  return request.open();
}

async function hashOf(blocks: Blocks, pauseMs = 0): Promise<string> {
  const hash = createHash("sha256");
  for await (const block of blocks) {
    // Whoever is slow must still find the block as it was.
    if (pauseMs > 0) await sleep(pauseMs);
    hash.update(block);
  }
  return hash.digest("hex");
}

test.each(ways)("gives a large chunked body whole, also to a slow reader (one buffer: %s)", async (intoBuffer) => {
  const pieces = Array.from({ length: 150 }, (_, index) => randomBytes(index % 3 === 0 ? 100_000 : 32_768 + index));
  await serve((_request, response) => {
    for (const piece of pieces) response.write(piece);
    response.end();
  });
  const expected = createHash("sha256").update(Buffer.concat(pieces)).digest("hex");
  expect(await hashOf(await get(intoBuffer))).toBe(expected);
  expect(await hashOf(await get(intoBuffer), 5)).toBe(expected);
});

test("gives bodies with a length, without one, and empty ones", async () => {
  const body = randomBytes(3_000_000);
  await serve((_request, response) => void response.setHeader("content-length", body.length).end(body));
  expect(await hashOf(await get())).toBe(createHash("sha256").update(body).digest("hex"));
  await new Promise((closed) => server?.close(closed));
  await serveBytes("HTTP/1.0 200 OK\r\n\r\nuntil the end");
  expect(await hashOf(await get())).toBe(createHash("sha256").update("until the end").digest("hex"));
  await new Promise((closed) => server?.close(closed));
  await serveBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  expect(await hashOf(await get())).toBe(createHash("sha256").digest("hex"));
});

test("asks for a body without chunks, and gives blocks that threads can share, where that is wanted", async () => {
  const versions: string[] = [];
  const body = randomBytes(3_000_000);
  await serve((request, response) => {
    versions.push(request.httpVersion);
    response.write(body.subarray(0, 1_000_000));
    response.end(body.subarray(1_000_000));
  });
  const { signal } = new AbortController();
  const options = { path: "/x", signal, withoutChunks: true, shared: true };
  const blocks = await new BlockRequest((onread) => connect({ path, onread }), options).open();
  const parts: Buffer[] = [];
  for await (const block of blocks) {
    expect(block.buffer).toBeInstanceOf(SharedArrayBuffer);
    parts.push(Buffer.from(block));
  }
  expect([Buffer.concat(parts).equals(body), versions]).toEqual([true, ["1.0"]]);
});

test("a refusal is an error with the engine's own words", async () => {
  await serve(
    (_request, response) => void response.writeHead(404).end(JSON.stringify({ message: "no such image: x" })),
  );
  await expect(get()).rejects.toMatchObject({ name: "StatusError", status: 404, message: "no such image: x" });
});

test.each([
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello world",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello",
  "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
  "HTTP/1.1 200 OK\r\nContent",
  "SSH-2.0-OpenSSH_9.2\r\n",
  "",
])("what is cut off or no HTTP is an error, never a shorter body: %j", async (text) => {
  await serveBytes(text);
  await expect(get().then((blocks) => hashOf(blocks))).rejects.toThrow();
});

test("an abort hangs up, before the head and in the body", async () => {
  const closed: string[] = [];
  const asked = Promise.withResolvers<void>();
  await serve((_request, response) => {
    asked.resolve();
    response.on("close", () => closed.push("closed"));
    if (closed.length > 0) response.write(randomBytes(5_000_000));
  });
  const early = new AbortController();
  const waiting = get(true, early.signal);
  await asked.promise;
  early.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  await expect.poll(() => closed.length).toBe(1);
  const late = new AbortController();
  const blocks = await get(true, late.signal);
  const reading = (async () => {
    for await (const _block of blocks) late.abort();
  })();
  await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  await expect.poll(() => closed.length).toBe(2);
});

test("leaving the loop hangs up", async () => {
  let closed = false;
  await serve((_request, response) => {
    response.on("close", () => {
      closed = true;
    });
    response.write(randomBytes(5_000_000));
  });
  for await (const block of await get()) if (block.length > 0) break;
  await expect.poll(() => closed).toBe(true);
});

test("an answer may be cut anywhere, and taken in parts", () => {
  const text =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3;ext=1\r\nabc\r\n00a\r\ndefghijklm\r\n0\r\nTrailer: x\r\n\r\n";
  for (let size = 1; size < text.length; size += 1) {
    for (const most of [1, 3, 100]) {
      const answer = new AnswerReader();
      let body = "";
      let rest = Buffer.alloc(0);
      for (let at = 0; at < text.length || (rest.length > 0 && !answer.ended); at += size) {
        rest = Buffer.concat([rest, Buffer.from(text.slice(at, at + size))]);
        const used = answer.read(rest, (part) => {
          body += part.subarray(0, most).toString();
          return Math.min(most, part.length);
        });
        rest = rest.subarray(used);
      }
      expect([answer.status, body, answer.close()]).toEqual([200, "abcdefghijklm", true]);
    }
  }
});

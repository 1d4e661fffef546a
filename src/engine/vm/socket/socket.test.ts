import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "#contract/errors.ts";
import { checkBinds, checkShares } from "./bind-check.ts";
import { dockerHttp } from "./docker-http.ts";
import { startRelay } from "./relay.ts";
import { requestGuard } from "./request-guard.ts";

async function guarded(chunks: Buffer[], check: (body: unknown) => string | undefined = () => undefined) {
  const refusals: string[] = [];
  const guard = requestGuard({ check, refuse: (why) => refusals.push(why) });
  const out: Buffer[] = [];
  guard.on("data", (chunk: Buffer) => out.push(chunk));
  const ended = new Promise((resolve) => guard.once("end", resolve));
  for (const chunk of chunks) guard.write(chunk);
  guard.end();
  await ended;
  return { sent: Buffer.concat(out), refusals };
}

function create(body: string): string {
  return `POST /v1.45/containers/create?name=x HTTP/1.1\r\nHost: d\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const outside = create(JSON.stringify({ HostConfig: { Binds: ["/home/me:/x"] } }));
const check = (body: unknown) => checkBinds(body, [{ path: "/work", readOnly: false }]);

describe("requestGuard", () => {
  it("carries every byte, however it is cut", async () => {
    const requests = `GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n${create('{"Image":"a"}')}POST /build HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nGET \r\n0\r\n\r\n`;
    const whole = Buffer.concat([Buffer.from(requests), Buffer.from([0, 255, 13, 10, 13, 10, 1])]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (sizes) => {
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < whole.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(whole.subarray(at, at + size));
          at += size;
        }
        const { sent, refusals } = await guarded(chunks, check);
        expect(sent.equals(whole)).toBe(true);
        expect(refusals).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("refuses a bind mount of a folder that is not shared, after the requests before it", async () => {
    const first = "GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n";
    const { sent, refusals } = await guarded([Buffer.from(first + outside)], check);
    expect(sent.toString()).toBe(first);
    expect(refusals).toEqual([expect.stringContaining("/home/me is not shared")]);
  });

  it("does not look into streams", async () => {
    const attach = `POST /containers/a/attach HTTP/1.1\r\nHost: d\r\n\r\n${outside}`;
    const { sent, refusals } = await guarded([Buffer.from(attach)], check);
    expect(sent.toString()).toBe(attach);
    expect(refusals).toEqual([]);
  });
});

describe("requests that start a container", () => {
  async function startsIn(...requests: string[]): Promise<number> {
    let starts = 0;
    const guard = requestGuard({ check: () => undefined, refuse() {}, onStart: () => (starts += 1) });
    guard.resume();
    for (const request of requests) guard.write(`${request} HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\n\r\n{}`);
    guard.end();
    await once(guard, "end");
    return starts;
  }

  it("are told from all others", async () => {
    expect(await startsIn("POST /v1.45/containers/web/start", "POST /containers/web/restart?t=1")).toBe(2);
    expect(
      await startsIn(
        "GET /containers/web/start",
        "POST /containers/create",
        "POST /exec/web/start",
        "POST /containers/web/stop",
      ),
    ).toBe(0);
  });
});

describe("checkBinds", () => {
  const shared = [{ path: "/home/me/code", readOnly: false }];
  const binds = (...Binds: string[]) => checkBinds({ HostConfig: { Binds } }, shared);

  it("knows shared folders, volumes and the guest's own places", () => {
    expect(binds("/home/me/code/app:/app", "data:/d", "/var/run/docker.sock:/s")).toBeUndefined();
    expect(binds("/home/me/code2:/app")).toContain("Shared folders");
    expect(binds("/home/me/code/../secret:/app")).toContain("/home/me/code/../secret");
    expect(checkBinds({ HostConfig: { Mounts: [{ Type: "bind", Source: "/etc" }] } }, shared)).toContain("/etc");
    expect(checkBinds("no body", shared)).toBeUndefined();
  });
});

describe("startRelay", () => {
  let folder: string;
  let upstream: Server;
  const path = () => join(folder, "docker.sock");
  const guestPath = () => join(folder, "guest.sock");

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "relay-"));
    // Answers with all that it got, but only after the end of it.
    upstream = createServer({ allowHalfOpen: true }, (socket) => {
      const chunks: Buffer[] = [];
      socket.on("data", (chunk: Buffer) => chunks.push(chunk));
      socket.on("end", () => socket.end(Buffer.concat(chunks)));
    });
    await new Promise<void>((resolve) => upstream.listen(guestPath(), resolve));
  });

  afterEach(async () => {
    await new Promise((resolve) => upstream.close(resolve));
    await rm(folder, { recursive: true });
  });

  async function talk(send: Buffer): Promise<Buffer> {
    const client = connect({ path: path(), allowHalfOpen: true });
    client.end(send);
    const chunks: Buffer[] = [];
    for await (const chunk of client) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }

  it("ends each half for itself and loses nothing", async () => {
    const dial = async () => connect({ path: guestPath(), allowHalfOpen: true });
    const relay = await startRelay({ path: path(), dial });
    const sent = Buffer.alloc(5_000_000, "x");
    expect((await talk(sent)).equals(sent)).toBe(true);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    await relay.close();
  });

  it("answers a start once the ports are open, and loses nothing of what comes meanwhile", async () => {
    const dial = async () => connect({ path: guestPath(), allowHalfOpen: true });
    const opened = Promise.withResolvers<void>();
    let asked = 0;
    const portsOpen = () => {
      asked += 1;
      return opened.promise;
    };
    const relay = await startRelay({ path: path(), dial, portsOpen, check: () => undefined });
    const requests = "POST /containers/web/start HTTP/1.1\r\nHost: d\r\n\r\nGET /_ping HTTP/1.1\r\nHost: d\r\n\r\n";
    const answer = talk(Buffer.from(requests));
    let answered = false;
    void answer.then(() => {
      answered = true;
    });
    await expect.poll(() => asked).toBe(1);
    await sleep(50);
    expect(answered).toBe(false);
    opened.resolve();
    expect((await answer).toString()).toBe(requests);
    await relay.close();
  });

  it("tells a client why there is no engine, in the API's words", async () => {
    const dial = async () => {
      throw new AppError("unavailable", "The machine is stopped.");
    };
    const relay = await startRelay({ path: path(), dial });
    const answer = (await talk(Buffer.from("GET /_ping HTTP/1.1\r\n\r\n"))).toString();
    expect(answer).toContain("503");
    expect(answer).toContain('{"message":"The machine is stopped."}');
    await relay.close();
  });

  it("replaces a socket that a crash left behind", async () => {
    const dial = async () => connect({ path: guestPath(), allowHalfOpen: true });
    const left = createServer();
    await new Promise<void>((resolve) => left.listen(path(), resolve));
    const relay = await startRelay({ path: path(), dial });
    expect((await talk(Buffer.from("hi"))).toString()).toBe("hi");
    await relay.close();
    await new Promise((resolve) => left.close(resolve));
  });
});

describe("dockerHttp", () => {
  it("reports a connection that cannot be had as no answer", async () => {
    const docker = dockerHttp(() => Promise.reject(new Error("no")));
    expect(await docker.ping(1_000)).toBe(false);
    await expect(docker.getJson("/info")).rejects.toThrow("no");
    docker.close();
  });
});

describe("checkShares", () => {
  const folders = (...paths: string[]) => checkShares(paths.map((path) => ({ path, readOnly: false })));

  it("refuses what would cover the guest's own system, and nothing else", () => {
    expect(
      folders("/home/me", "/root", "/run/media/me/stick", "/usr/local/src", "C:\\work", "/tmp/x/"),
    ).toBeUndefined();
    for (const path of ["/", "/etc/", "/usr/lib/x", "/var", "/home/../sys", "/var/lib/docker/volumes"]) {
      expect(folders("/home/me", path)).toContain("cannot be shared");
    }
    expect(folders("code")).toContain("code is not a whole path");
  });
});

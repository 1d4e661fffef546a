import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

let app: App;
let origin = "";
let port = 0;

beforeAll(async () => {
  // No engine is behind this path; the browser mode opens all the same.
  app = await startApp({ engine: "unix:///nonexistent/docker.sock" });
  const url = new URL(app.url);
  origin = url.origin;
  port = Number(url.port);
});
afterAll(() => app?.stop());

function codeOf(url: string): string {
  return new URL(url).hash.slice("#code=".length);
}

/** A request as a program would send it, with any header, which `fetch` would not allow. */
function send(
  method: string,
  path: string,
  { headers = {}, body = "" }: { headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: "127.0.0.1", port, method, path, headers: { host: `127.0.0.1:${port}`, ...headers } },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      },
    );
    outgoing.on("upgrade", (_response, socket) => {
      socket.destroy();
      resolve({ status: 101, headers: {}, body: "" });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const upgrade = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

describe("before anyone has signed in", () => {
  test("the page is served with a strict policy and a nonce of its own for each load", async () => {
    const [first, second] = [await send("GET", "/"), await send("GET", "/")];
    expect(first.status).toBe(200);
    const policy = String(first.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain("unsafe");
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
    expect(first.body).toContain(nonce);
    expect(second.body).not.toContain(nonce);
    expect(first.headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("the engine is out of reach without a session", async () => {
    expect((await send("GET", "/rpc", { headers: { ...upgrade, origin } })).status).toBe(401);
    expect((await send("GET", "/session")).status).toBe(401);
  });

  test.each([
    ["another name for this machine", { host: "evil.test" }],
    ["a name with our port", { host: "evil.test:1" }],
    ["another origin", { origin: "http://evil.test" }],
    ["an opaque origin", { origin: "null" }],
    ["another site", { "sec-fetch-site": "cross-site" }],
  ])("%s is refused everywhere", async (_what, headers) => {
    for (const [method, path] of [
      ["GET", "/"],
      ["POST", "/session"],
      ["GET", "/session"],
    ] as const) {
      expect((await send(method, path, { headers })).status).toBe(403);
    }
    expect((await send("GET", "/rpc", { headers: { ...upgrade, origin, ...headers } })).status).toBe(401);
  });

  test.each([
    ["a wrong code", JSON.stringify({ code: "x".repeat(43) })],
    ["no code", "{}"],
    ["no JSON", "code=1"],
  ])("%s opens nothing", async (_what, body) => {
    const answer = await send("POST", "/session", { headers: { origin }, body });
    expect(answer.status).toBe(403);
    expect(answer.headers).not.toHaveProperty("set-cookie");
  });

  test("a body without end is cut off", async () => {
    expect((await send("POST", "/session", { headers: { origin }, body: "x".repeat(100_000) })).status).toBe(400);
  });
});

describe("with the code", () => {
  let cookie = "";

  test("it becomes a cookie that scripts and other sites cannot use, once", async () => {
    const body = JSON.stringify({ code: codeOf(app.url) });
    const answer = await send("POST", "/session", { headers: { origin }, body });
    expect(answer.status).toBe(204);
    const [setCookie = ""] = answer.headers["set-cookie"] ?? [];
    expect(setCookie).toContain("HttpOnly");
    expect(setCookie).toContain("SameSite=Strict");
    cookie = setCookie.split(";")[0] ?? "";
    expect((await send("POST", "/session", { headers: { origin }, body })).status).toBe(403);
  });

  test("the cookie opens the engine to our own page alone", async () => {
    const open = (headers: Record<string, string>) =>
      send("GET", "/rpc", { headers: { ...upgrade, cookie, ...headers } });
    expect((await open({ origin })).status).toBe(101);
    expect((await open({ origin: "http://evil.test" })).status).toBe(401);
    expect((await open({})).status).toBe(401);
    expect((await open({ origin, cookie: `${cookie}x` })).status).toBe(401);
    expect((await open({ origin, host: "evil.test" })).status).toBe(401);
  });

  test("the code is in no log", async () => {
    const { readFile } = await import("node:fs/promises");
    const log = await readFile(`${app.home}/logs/longshore.log`, "utf8").catch(() => "");
    expect(log + app.stderr()).not.toContain(codeOf(app.url));
  });
});

test("a port that is taken and a home that is in use are named", async () => {
  await expect(startApp({ engine: "host", args: ["--port", String(port)] })).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken`,
  );
  await expect(startApp({ engine: "host", home: app.home })).rejects.toThrow(
    `(process ${app.pid}) already uses ${app.home}`,
  );
});

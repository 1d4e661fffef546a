import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { type EngineUnderTest, startEngine } from "../fixtures/engine-under-test.ts";
import { Follower } from "../fixtures/follow.ts";
import { offerByTcp, type TcpEngine } from "../fixtures/tls-engine.ts";

const host = inject("dockerHost");
const socket = host.replace("unix://", "");
const folder = mkdtempSync(join(tmpdir(), "longshore-endpoints-"));

let secure: TcpEngine;
let plain: TcpEngine;
let engine: EngineUnderTest;

beforeAll(async () => {
  [secure, plain] = await Promise.all([offerByTcp(socket, { tls: true }), offerByTcp(socket, { tls: false })]);
});
afterEach(() => engine?.close());
afterAll(async () => {
  await Promise.all([secure?.stop(), plain?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

async function settle(choice: string | undefined, env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  engine = await startEngine(choice, env);
  const states = new Follower(engine.handlers.engine.watch({}, engine.signal));
  return await states.until(({ status }) => status !== "connecting");
}

function dockerContext(config: string, ...args: string[]): void {
  execFileSync("docker", ["--config", config, "context", ...args], { env: { PATH: process.env.PATH }, stdio: "pipe" });
}

describe("by TCP", () => {
  const tlsHost = (): string => `tcp://127.0.0.1:${secure.port}`;

  test("with TLS from DOCKER_CERT_PATH", async () => {
    const env = { DOCKER_HOST: tlsHost(), DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: secure.certificates };
    expect(await settle(undefined, env)).toMatchObject({
      status: "connected",
      endpoint: { host: tlsHost(), source: "DOCKER_HOST", insecure: false },
    });
    const list = new Follower(engine.handlers.containers.watch({}, engine.signal));
    await list.until(({ kind }) => kind === "snapshot");
  });

  test("a certificate of an unknown authority, and a client without one, are refused in plain words", async () => {
    const empty = join(folder, "no-ca");
    mkdirSync(empty);
    const env = { DOCKER_HOST: tlsHost(), DOCKER_TLS_VERIFY: "1", DOCKER_CONFIG: empty };
    expect(await settle(undefined, env)).toMatchObject({
      status: "disconnected",
      why: expect.stringMatching(/certificate/i),
    });
  });

  test("without TLS: it works, and is flagged as insecure", async () => {
    expect(await settle(`tcp://127.0.0.1:${plain.port}`)).toMatchObject({
      status: "connected",
      endpoint: { insecure: true },
    });
  });

  test("without TLS against a port that speaks TLS", async () => {
    expect(await settle(tlsHost())).toMatchObject({ status: "disconnected" });
  });

  test("a port where nothing listens", async () => {
    expect(await settle("tcp://127.0.0.1:1")).toMatchObject({
      status: "disconnected",
      why: expect.stringContaining("Nothing answers at tcp://127.0.0.1:1"),
    });
  });
});

describe("docker contexts, as the docker CLI writes them", () => {
  const config = join(folder, "config");

  beforeAll(() => {
    dockerContext(config, "create", "local", "--docker", `host=${host}`);
    const files = ["ca", "cert", "key"].map((name) => `${name}=${join(secure.certificates, `${name}.pem`)}`);
    dockerContext(config, "create", "remote", "--docker", [`host=tcp://127.0.0.1:${secure.port}`, ...files].join(","));
    dockerContext(config, "use", "local");
  });

  test("the current one, and another by DOCKER_CONTEXT with its TLS files", async () => {
    expect(await settle(undefined, { DOCKER_CONFIG: config })).toMatchObject({
      status: "connected",
      endpoint: { source: "context", context: "local", host },
    });
    await engine.close();
    expect(await settle(undefined, { DOCKER_CONFIG: config, DOCKER_CONTEXT: "remote" })).toMatchObject({
      status: "connected",
      endpoint: { context: "remote", insecure: false },
    });
    const { endpoints } = await engine.handlers.engine.discover({}, engine.signal);
    expect(endpoints.map(({ context }) => context)).toEqual(expect.arrayContaining(["local", "remote"]));
  });

  test("one that is not there", async () => {
    expect(await settle(undefined, { DOCKER_CONFIG: config, DOCKER_CONTEXT: "gone" })).toMatchObject({
      status: "disconnected",
      why: expect.stringContaining('no docker context "gone"'),
    });
  });
});

describe("over ssh", () => {
  const bin = join(folder, "bin");
  const before = process.env.PATH;

  /** Stands for ssh: it has the same arguments, and runs the remote command on this machine, on the tests' engine. */
  function standIn(body: string): void {
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "ssh"), `#!/bin/sh\necho "$@" >> "${join(folder, "ssh.log")}"\n${body}\n`);
    chmodSync(join(bin, "ssh"), 0o755);
    process.env.PATH = `${bin}${delimiter}${before}`;
  }
  afterEach(() => {
    process.env.PATH = before;
  });

  test("through `docker system dial-stdio`, lists and actions", async () => {
    standIn(
      `while [ "$1" != "--" ]; do shift; done; shift 2; [ "$1" = docker ] && shift; exec docker -H "${host}" "$@"`,
    );
    expect(await settle("ssh://me@example.test:2222")).toMatchObject({ status: "connected" });
    const list = new Follower(engine.handlers.containers.watch({}, engine.signal));
    await list.until(({ kind }) => kind === "snapshot");
    const created = await engine.handlers.containers.create(
      { image: "busybox:test", name: "ssh-made", command: [], start: false },
      engine.signal,
    );
    await list.until((update) => update.kind === "change" && update.upserts.some(({ name }) => name === "ssh-made"));
    await engine.handlers.containers.remove({ id: created.id, force: true, removeVolumes: true }, engine.signal);
  });

  test("what ssh complains of is told", async () => {
    standIn('echo "me@example.test: Permission denied (publickey)." >&2; exit 255');
    expect(await settle("ssh://me@example.test")).toMatchObject({
      status: "disconnected",
      why: expect.stringContaining("Permission denied (publickey)"),
      hints: [expect.stringContaining("ssh")],
    });
  });
});

describe("a choice that is none", () => {
  test.each(["foo", "ftp://x", "tcp://", "unix://relative", "ssh://-oProxyCommand=x", "tcp://host:99999"])(
    "DOCKER_HOST=%s gives one clear message",
    async (value) => {
      expect(await settle(undefined, { DOCKER_HOST: value })).toMatchObject({
        status: "disconnected",
        why: expect.stringMatching(/^DOCKER_HOST is ".*which is no engine address/),
      });
    },
  );

  test("the test of Settings connects without switching", async () => {
    await settle(host);
    const answer = await engine.handlers.engine.test({ choice: `tcp://127.0.0.1:${plain.port}` }, engine.signal);
    const api = await dockerCli(host)("version", "--format", "{{.Server.APIVersion}}");
    expect(answer).toMatchObject({ ok: true, api, endpoint: { insecure: true } });
    expect(await engine.handlers.engine.test({ choice: "unix:///nonexistent" }, engine.signal)).toMatchObject({
      ok: false,
    });
  });

  test("a change of the setting switches the engine", async () => {
    engine = await startEngine(undefined, { DOCKER_HOST: "unix:///nonexistent" });
    const states = new Follower(engine.handlers.engine.watch({}, engine.signal));
    await states.until(({ status }) => status === "disconnected");
    await engine.handlers.settings.update({ changes: { engine: host } }, engine.signal);
    const state = await states.until(({ status }) => status === "connected");
    expect(state).toMatchObject({ endpoint: { source: "setting", host } });
  });
});

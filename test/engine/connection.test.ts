import { chmodSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ContainerSummary, EngineState } from "#contract";
import { type DockerEngine, startDocker } from "../fixtures/docker-engine.ts";
import { type EngineUnderTest, startEngine } from "../fixtures/engine-under-test.ts";
import { Follower, foldList, type ShownList } from "../fixtures/follow.ts";

// Each test breaks its engine, so each has its own.
let docker: DockerEngine;
let engine: EngineUnderTest;
let state: Follower<EngineState>;
let list: Follower<ShownList<ContainerSummary>>;

const is = (status: EngineState["status"]) => (value: EngineState) => value.status === status;
const names = (items: readonly ContainerSummary[]): string[] => items.map(({ name }) => name).sort();

beforeEach(async () => {
  docker = await startDocker();
  await docker.docker("create", "--name", "web", "busybox:test", "sleep", "60");
  engine = await startEngine(docker.host);
  state = new Follower(engine.handlers.engine.watch({}, engine.signal));
  list = new Follower(foldList(engine.handlers.containers.watch({}, engine.signal), ({ id }) => id));
  await list.until(({ items }) => items.length === 1);
});
afterEach(async () => {
  await engine.close();
  await docker.stop();
});

/** The list is shown whole and once again, and is live again. */
async function expectRecovered(): Promise<void> {
  const connected = await state.until(is("connected"), 15_000);
  expect(connected).toMatchObject({ status: "connected", api: "1.41" });
  await list.until(({ items }) => names(items).join() === "web", 3_000);
  await docker.docker("create", "--name", "later", "busybox:test");
  const { items } = await list.until((now) => now.items.length === 2, 2_000);
  expect(names(items)).toEqual(["later", "web"]);
}

test("killed with -9: said within 2 s with the path, an action says why, and it recovers without doubles", async () => {
  await docker.kill("SIGKILL");
  const lost = await state.until(is("disconnected"), 2_000);
  expect(lost).toMatchObject({ why: expect.stringContaining(docker.socket), endpoint: { host: docker.host } });
  expect(list.latest?.items).toHaveLength(1);
  await expect(async () => engine.handlers.containers.start({ id: "web" }, engine.signal)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining(docker.socket),
  });
  await docker.restart();
  await expectRecovered();
});

test("restarted: a full resync follows, with what happened meanwhile", async () => {
  await docker.restart();
  await expectRecovered();
  const generations = state.seen.flatMap(({ value }) => (value.status === "connected" ? [value.generation] : []));
  expect(new Set(generations).size).toBeGreaterThan(1);
});

test("stopped with SIGSTOP: degraded within 5 s; continued: connected, and what was missed is there", async () => {
  await docker.kill("SIGSTOP");
  await state.until((value) => value.status === "degraded" || value.status === "disconnected", 5_000);
  await docker.kill("SIGCONT");
  await expectRecovered();
});

test("socket removed and put back: said within 2 s with the path, and the same engine is taken again", async () => {
  renameSync(docker.socket, `${docker.socket}.away`);
  const lost = await state.until(is("disconnected"), 2_000);
  expect(lost).toMatchObject({ why: expect.stringContaining(docker.socket) });
  renameSync(`${docker.socket}.away`, docker.socket);
  await expectRecovered();
});

test("socket replaced by that of another engine: its containers are shown", async () => {
  const other = await startDocker();
  try {
    await other.docker("create", "--name", "elsewhere", "busybox:test");
    renameSync(docker.socket, `${docker.socket}.away`);
    await state.until(is("disconnected"), 2_000);
    renameSync(other.socket, docker.socket);
    await state.until(is("connected"), 5_000);
    await list.until(({ items }) => names(items).join() === "elsewhere", 3_000);
    await other.docker("ps").catch(() => {});
    renameSync(docker.socket, other.socket);
    await state.until(is("disconnected"), 2_000);
    renameSync(`${docker.socket}.away`, docker.socket);
    await list.until(({ items }) => names(items).join() === "web", 5_000);
  } finally {
    await other.stop();
  }
});

test("the engine goes away in the middle of an action: one clear message, and the app goes on", async () => {
  await docker.docker(
    "run",
    "-d",
    "--name",
    "slow",
    "busybox:test",
    "sh",
    "-c",
    "trap '' TERM; while :; do sleep 1; done",
  );
  const stopping = Promise.resolve(engine.handlers.containers.stop({ id: "slow", graceSeconds: 30 }, engine.signal));
  const failed = stopping.then(
    () => "no error",
    (error: unknown) => error,
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  await docker.kill("SIGKILL");
  expect(await failed).toMatchObject({ code: "unavailable", message: expect.stringContaining(docker.host) });
  await state.until(is("disconnected"), 2_000);
});

describe("what the user can do", () => {
  test("reconnect tries at once", async () => {
    await docker.kill("SIGKILL");
    await state.until((value) => value.status === "disconnected" && (value.retryAt ?? 0) - Date.now() > 2_000, 20_000);
    const before = state.seen.length;
    await engine.handlers.engine.reconnect({}, engine.signal);
    await expect
      .poll(() => state.seen.slice(before).map(({ value }) => value.status))
      .toEqual(["connecting", "disconnected"]);
  });

  test("no permission on the socket names socket, group and command", async () => {
    chmodSync(dirname(docker.socket), 0o755);
    chmodSync(docker.socket, 0o600);
    process.seteuid?.(65534);
    try {
      await engine.handlers.engine.reconnect({}, engine.signal);
      const { handlers, signal } = engine;
      const denied = await handlers.engine.test({ choice: docker.host }, signal);
      expect(denied).toMatchObject({ ok: false, why: expect.stringContaining("usermod -aG") });
      const refused = await state.until(is("no_permission"), 5_000);
      expect(refused).toMatchObject({ socket: docker.socket, command: expect.stringContaining("usermod -aG docker") });
    } finally {
      process.seteuid?.(0);
    }
    chmodSync(docker.socket, 0o660);
    await state.until(is("connected"), 12_000);
  });
});

test("an engine that is not there yet is found when it comes", async () => {
  const late = await startDocker();
  const missing = `${late.socket}.later`;
  const waiting = await startEngine(`unix://${missing}`);
  try {
    const states = new Follower(waiting.handlers.engine.watch({}, waiting.signal));
    await states.until(is("disconnected"), 2_000);
    renameSync(late.socket, missing);
    await states.until(is("connected"), 2_000);
    renameSync(missing, late.socket);
  } finally {
    await waiting.close();
    await late.stop();
    rmSync(missing, { force: true });
  }
});

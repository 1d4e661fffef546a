import { chmodSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ContainerSummary, EngineState } from "#contract";
import { Delays } from "../fixtures/delays.ts";
import { type DockerEngine, startDocker } from "../fixtures/docker-engine.ts";
import { onEngineEvents } from "../fixtures/engine-events.ts";
import { type EngineUnderTest, startEngine } from "../fixtures/engine-under-test.ts";
import { Follower, foldList, type ShownList } from "../fixtures/follow.ts";

// Each test breaks its engine, which is mended for the next.
let docker: DockerEngine;
let engine: EngineUnderTest;
let state: Follower<EngineState>;
let list: Follower<ShownList<ContainerSummary>>;

const is = (status: EngineState["status"]) => (value: EngineState) => value.status === status;
const names = (items: readonly ContainerSummary[]): string[] => items.map(({ name }) => name).sort();

beforeAll(async () => {
  docker = await startDocker();
});
afterAll(() => docker?.stop());
beforeEach(async () => {
  await docker.kill("SIGCONT");
  const left = () => docker.docker("ps", "-aq");
  const ids = (await left().catch(() => docker.restart().then(left))).split("\n").filter(Boolean);
  if (ids.length > 0) await docker.docker("rm", "-f", ...ids);
  await docker.docker("create", "--name", "web", "busybox:test", "sleep", "60");
  engine = await startEngine(docker.host);
  state = new Follower(engine.handlers.engine.watch({}, engine.signal));
  list = new Follower(foldList(engine.handlers.containers.watch({}, engine.signal), ({ id }) => id));
  await list.until(({ items }) => items.length === 1);
});
afterEach(() => engine?.close());

/** From a fault to the word about it. */
const untilGone = new Delays();
const untilSilent = new Delays();

function lost(): Promise<EngineState> {
  return untilGone.of(state.until(is("disconnected")));
}

/** The list is shown whole and once again, and is live again. */
async function expectRecovered(): Promise<void> {
  const connected = await state.until(is("connected"));
  expect(connected).toMatchObject({ status: "connected", api: "1.41" });
  await list.until(({ items }) => names(items).join() === "web");
  await docker.docker("create", "--name", "later", "busybox:test");
  const { items } = await list.until((now) => now.items.length === 2);
  expect(names(items)).toEqual(["later", "web"]);
}

test("killed with -9: said within 2 s with the path, an action says why, and it recovers without doubles", async () => {
  await docker.kill("SIGKILL");
  expect(await lost()).toMatchObject({ why: expect.stringContaining(docker.socket), endpoint: { host: docker.host } });
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
  await untilSilent.of(state.until(({ status }) => status === "degraded" || status === "disconnected"));
  await docker.kill("SIGCONT");
  await expectRecovered();
});

test("socket removed and put back: said within 2 s with the path, and the same engine is taken again", async () => {
  renameSync(docker.socket, `${docker.socket}.away`);
  expect(await lost()).toMatchObject({ why: expect.stringContaining(docker.socket) });
  renameSync(`${docker.socket}.away`, docker.socket);
  await expectRecovered();
});

test("socket replaced by that of another engine: its containers are shown", async () => {
  const other = await startDocker();
  try {
    await other.docker("create", "--name", "elsewhere", "busybox:test");
    renameSync(docker.socket, `${docker.socket}.away`);
    await lost();
    renameSync(other.socket, docker.socket);
    await state.until(is("connected"));
    await list.until(({ items }) => names(items).join() === "elsewhere");
    await other.docker("ps").catch(() => {});
    renameSync(docker.socket, other.socket);
    await lost();
    renameSync(`${docker.socket}.away`, docker.socket);
    await list.until(({ items }) => names(items).join() === "web");
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
    // For the engine's next start, which stops what it finds running.
    "--stop-timeout",
    "1",
    "busybox:test",
    "sh",
    "-c",
    "trap '' TERM; while :; do sleep 1; done",
  );
  // The engine tells when it passes the signal on.
  const passedOn = Promise.withResolvers<void>();
  const unwatch = await onEngineEvents(docker.socket, ({ action }) => action === "kill" && passedOn.resolve());
  const stopping = Promise.resolve(engine.handlers.containers.stop({ id: "slow", graceSeconds: 30 }, engine.signal));
  const failed = stopping.then(
    () => "no error",
    (error: unknown) => error,
  );
  await passedOn.promise;
  unwatch();
  await docker.kill("SIGKILL");
  expect(await failed).toMatchObject({ code: "unavailable", message: expect.stringContaining(docker.host) });
  await state.until(is("disconnected"));
});

describe("what the user can do", () => {
  test("reconnect tries at once", async () => {
    await docker.kill("SIGKILL");
    await state.until((value) => value.status === "disconnected" && (value.retryAt ?? 0) - Date.now() > 2_000);
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
      const refused = await state.until(is("no_permission"));
      expect(refused).toMatchObject({ socket: docker.socket, command: expect.stringContaining("usermod -aG docker") });
    } finally {
      process.seteuid?.(0);
    }
    chmodSync(docker.socket, 0o660);
    await state.until(is("connected"));
  });
});

test("an engine that is not there yet is found when it comes", async () => {
  const late = await startDocker();
  const missing = `${late.socket}.later`;
  const waiting = await startEngine(`unix://${missing}`);
  try {
    const states = new Follower(waiting.handlers.engine.watch({}, waiting.signal));
    await states.until(is("disconnected"));
    renameSync(late.socket, missing);
    await states.until(is("connected"));
    renameSync(missing, late.socket);
  } finally {
    await waiting.close();
    await late.stop();
    rmSync(missing, { force: true });
  }
});

test("it was said in time", () => {
  expect(untilGone.leastMs).toBeLessThan(2_000);
  expect(untilSilent.leastMs).toBeLessThan(5_000);
});

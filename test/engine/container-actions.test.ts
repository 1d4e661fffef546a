import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import type { ContainerSummary } from "#contract";
import { Delays } from "../fixtures/delays.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { type EngineUnderTest, startEngine } from "../fixtures/engine-under-test.ts";
import { Follower, foldList, type ShownList } from "../fixtures/follow.ts";

const host = inject("dockerHost");
const docker = dockerCli(host);
/** Dies at once when it is asked to stop, which `sleep` as process 1 does not. */
const quick = ["--stop-signal", "KILL"];

let engine: EngineUnderTest;
let list: Follower<ShownList<ContainerSummary>>;

beforeAll(async () => {
  engine = await startEngine(host);
  list = new Follower(foldList(engine.handlers.containers.watch({}, engine.signal), ({ id }) => id));
  await list.until(() => true);
});
afterAll(() => engine?.close());
afterEach(async () => {
  const ids = (await docker("ps", "-aq")).split("\n").filter((id) => id !== "");
  if (ids.length > 0) await docker("rm", "-fv", ...ids);
});

function inspect(name: string, format: string): Promise<string> {
  return docker("inspect", "--format", format, name);
}

const stateOf = (name: string): Promise<string> => inspect(name, "{{.State.Status}}");

/** From the CLI's return to the list, for each change that was waited for. */
const delays = new Delays();

function seen(matches: (now: ShownList<ContainerSummary>) => boolean): Promise<ShownList<ContainerSummary>> {
  return delays.of(list.until(matches));
}

function shown(name: string, state: string): Promise<unknown> {
  return seen(({ items }) => items.some((item) => item.name === name && item.state === state));
}

function gone(name: string): Promise<unknown> {
  return seen(({ items }) => items.every((item) => item.name !== name));
}

describe("every action does what the docker CLI then confirms", () => {
  const { handlers } = { handlers: () => engine.handlers.containers };

  test("create with and without a start", async () => {
    const created = await handlers().create(
      { image: "busybox:test", name: "web", command: ["sleep", "60"], start: false },
      engine.signal,
    );
    expect(created.warnings).toEqual([]);
    expect(await stateOf("web")).toBe("created");
    expect(await inspect("web", "{{.Id}}")).toBe(created.id);
    await shown("web", "created");
    const { id } = await handlers().create(
      { image: "busybox:test", command: ["sleep", "60"], start: true },
      engine.signal,
    );
    expect(await stateOf(id)).toBe("running");
  });

  test("start, stop, restart, pause, unpause, kill", async () => {
    await docker("create", "--name", "web", ...quick, "busybox:test", "sleep", "60");
    await handlers().start({ id: "web" }, engine.signal);
    expect(await stateOf("web")).toBe("running");
    const startedAt = await inspect("web", "{{.State.StartedAt}}");
    await handlers().restart({ id: "web" }, engine.signal);
    expect(await stateOf("web")).toBe("running");
    expect(await inspect("web", "{{.State.StartedAt}}")).not.toBe(startedAt);
    await handlers().pause({ id: "web" }, engine.signal);
    expect(await stateOf("web")).toBe("paused");
    await shown("web", "paused");
    await handlers().unpause({ id: "web" }, engine.signal);
    expect(await stateOf("web")).toBe("running");
    await handlers().stop({ id: "web", graceSeconds: 1 }, engine.signal);
    expect(await stateOf("web")).toBe("exited");
    await handlers().start({ id: "web" }, engine.signal);
    await handlers().kill({ id: "web", signal: "SIGKILL" }, engine.signal);
    await shown("web", "exited");
    expect(await inspect("web", "{{.State.ExitCode}}")).toBe("137");
    expect(list.latest?.items.find(({ name }) => name === "web")?.exitCode).toBe(137);
  });

  test("a signal that is not the end reaches the process", async () => {
    await docker(
      "run",
      "-d",
      "--name",
      "trap",
      "busybox:test",
      "sh",
      "-c",
      "trap 'echo usr1' USR1; echo ready; while :; do sleep 0.1; done",
    );
    const told = () => docker("logs", "trap");
    // Before the trap is set the signal would be the end.
    await expect.poll(told).toBe("ready");
    await handlers().kill({ id: "trap", signal: "SIGUSR1" }, engine.signal);
    await expect.poll(told).toBe("ready\nusr1");
    expect(await stateOf("trap")).toBe("running");
  });

  test("rename and remove, with and without anonymous volumes", async () => {
    await docker("run", "-d", "--name", "web", "-v", "/data", "busybox:test", "sleep", "60");
    const volume = await inspect("web", "{{(index .Mounts 0).Name}}");
    await handlers().rename({ id: "web", name: "shop" }, engine.signal);
    expect(await inspect("shop", "{{.Name}}")).toBe("/shop");
    await shown("shop", "running");
    const removed = await handlers().remove({ id: "shop", force: true, removeVolumes: true }, engine.signal);
    await gone("shop");
    expect(removed.trashed.map(({ name }) => name)).toEqual([volume]);
    expect(await docker("volume", "ls", "-q")).not.toContain(volume);
    await docker("volume", "rm", removed.trashed[0]?.trash ?? "");

    await docker("create", "--name", "keep", "-v", "/data", "busybox:test");
    const kept = await inspect("keep", "{{(index .Mounts 0).Name}}");
    await handlers().remove({ id: "keep", force: false, removeVolumes: false }, engine.signal);
    expect(await docker("volume", "ls", "-q")).toContain(kept);
    await docker("volume", "rm", kept);
  });
});

describe("what the docker CLI does is shown within a second", () => {
  test("the whole life of a container", async () => {
    await docker("create", "--name", "cli", ...quick, "busybox:test", "sleep", "60");
    await shown("cli", "created");
    await docker("start", "cli");
    await shown("cli", "running");
    await docker("pause", "cli");
    await shown("cli", "paused");
    await docker("unpause", "cli");
    await shown("cli", "running");
    await docker("restart", "cli");
    await shown("cli", "running");
    await docker("rename", "cli", "cli2");
    await shown("cli2", "running");
    await docker("kill", "cli2");
    await shown("cli2", "exited");
    await docker("start", "cli2");
    await docker("stop", "cli2");
    await shown("cli2", "exited");
    await docker("rm", "cli2");
    await gone("cli2");
  });

  test("ports, labels, networks and volumes", async () => {
    await docker("network", "create", "shopnet");
    await docker("volume", "create", "shopdata");
    await docker(
      ..."run -d --name shop --network shopnet -v shopdata:/data --label tier=front".split(" "),
      ..."-p 127.0.0.1::80 --expose 443 busybox:test sleep 60".split(" "),
    );
    const { items } = await seen((now) => now.items.some(({ ports }) => ports.length === 2));
    const shop = items.find(({ name }) => name === "shop");
    const port = (await docker("port", "shop", "80/tcp")).split(":")[1];
    expect(shop).toMatchObject({ labels: { tier: "front" }, networks: ["shopnet"], volumes: ["shopdata"] });
    expect(shop?.ports).toContainEqual({
      privatePort: 80,
      protocol: "tcp",
      publicPort: Number(port),
      hostIp: "127.0.0.1",
    });
    expect(shop?.ports).toContainEqual({ privatePort: 443, protocol: "tcp" });
    await docker("network", "create", "backnet");
    await docker("network", "connect", "backnet", "shop");
    await seen((now) => now.items.some(({ networks }) => networks.includes("backnet")));
    await docker("rm", "-f", "shop");
    await docker("network", "rm", "shopnet", "backnet");
    await docker("volume", "rm", "shopdata");
  });

  test("health, and a crowd that comes and goes at once", async () => {
    await docker(
      "run",
      "-d",
      "--name",
      "sick",
      "--health-cmd",
      "test -e /well",
      "--health-interval",
      "1s",
      ..."--health-retries 1 busybox:test sleep 60".split(" "),
    );
    const healthIs = (health: string) => (now: ShownList<ContainerSummary>) =>
      now.items.some((item) => item.name === "sick" && item.health === health);
    await list.until(healthIs("unhealthy"));
    await docker("exec", "sick", "touch", "/well");
    await list.until(healthIs("healthy"));
    const names = Array.from({ length: 12 }, (_, index) => `crowd${index}`);
    await Promise.all(names.map((name) => docker("create", "--name", name, "busybox:test")));
    await seen(({ items }) => names.every((name) => items.some((item) => item.name === name)));
    await docker("rm", ...names);
    await seen(({ items }) => items.length === 1);
  });
});

describe("what goes wrong is said in plain words", () => {
  const failing = async (action: Promise<unknown>): Promise<unknown> =>
    action.then(
      () => "no error",
      (error: unknown) => error,
    );
  const handlers = () => engine.handlers.containers;

  test("a state that forbids the action names the container and the state", async () => {
    await docker("run", "-d", "--name", "web", ...quick, "busybox:test", "sleep", "60");
    const { signal } = engine;
    const id = await inspect("web", "{{.Id}}");
    const conflict = (message: string) => ({ code: "conflict", message });
    expect(await failing(Promise.resolve(handlers().start({ id }, signal)))).toMatchObject(
      conflict("web is already running."),
    );
    expect(await failing(Promise.resolve(handlers().unpause({ id }, signal)))).toMatchObject(
      conflict("web is not paused."),
    );
    expect(
      await failing(Promise.resolve(handlers().remove({ id, force: false, removeVolumes: false }, signal))),
    ).toMatchObject(conflict("web is running. Stop it first, or remove it by force."));
    await docker("stop", "web");
    expect(await failing(Promise.resolve(handlers().stop({ id }, signal)))).toMatchObject(
      conflict("web is already stopped."),
    );
    expect(await failing(Promise.resolve(handlers().pause({ id }, signal)))).toMatchObject({
      code: "conflict",
      message: /not running/,
    });
    expect(await failing(Promise.resolve(handlers().kill({ id, signal: "SIGTERM" }, signal)))).toMatchObject({
      code: "conflict",
    });
  });

  test("names, references and objects that are not there", async () => {
    const { signal } = engine;
    await docker("create", "--name", "web", "busybox:test");
    await docker("create", "--name", "other", "busybox:test");
    const create = (image: string, name: string, command: string[] = []): Promise<unknown> =>
      failing(Promise.resolve(handlers().create({ image, name, command, start: true }, signal)));
    expect(await create("busybox:test", "web")).toMatchObject({
      code: "conflict",
      message: /name "web" is already used/,
    });
    expect(await create("absent:1", "x1")).toMatchObject({ code: "not_found", message: /image "absent:1"/ });
    expect(await create("Not A Reference", "x1")).toMatchObject({ code: "bad_request" });
    expect(await failing(Promise.resolve(handlers().rename({ id: "other", name: "web" }, signal)))).toMatchObject({
      code: "conflict",
    });
    expect(await failing(Promise.resolve(handlers().start({ id: "ghost" }, signal)))).toMatchObject({
      code: "not_found",
      message: /"ghost"/,
    });
    expect(await failing(Promise.resolve(handlers().inspect({ id: "ghost" }, signal)))).toMatchObject({
      code: "not_found",
    });
    expect(await failing(Promise.resolve(handlers().inspect({ id: "web/../../images" }, signal)))).toMatchObject({
      code: "not_found",
    });
    expect(await create("busybox:test", "bad", ["/no/such/program"])).toMatchObject({
      code: "bad_request",
      message: /\/no\/such\/program/,
    });
    expect(await docker("ps", "-a", "--format", "{{.Names}}")).not.toContain("bad");
  });
});

describe("details", () => {
  test("are those of the engine, and follow the container until it is removed", async () => {
    await docker(
      ..."run -d --name full --hostname box --user root -w /tmp -e TOKEN=a=b -e EMPTY=".split(" "),
      ..."--restart on-failure:3 --tmpfs /scratch -v /dev/shm:/host-shm:ro --stop-timeout 7 --stop-signal KILL".split(
        " ",
      ),
      "busybox:test",
      "sh",
      "-c",
      "sleep 60",
    );
    const details = new Follower(engine.handlers.containers.watchOne({ id: "full" }, engine.signal));
    const first = await details.until(() => true);
    expect(first).toMatchObject({
      name: "full",
      image: "busybox:test",
      command: ["sh", "-c", "sleep 60"],
      workingDir: "/tmp",
      user: "root",
      hostname: "box",
      state: "running",
      restartPolicy: { name: "on-failure", maximumRetryCount: 3 },
      stopTimeoutSeconds: 7,
      logDriver: "json-file",
      tty: false,
    });
    expect(first.env).toContainEqual({ name: "TOKEN", value: "a=b" });
    expect(first.env).toContainEqual({ name: "EMPTY", value: "" });
    expect(first.mounts).toContainEqual({ type: "bind", source: "/dev/shm", destination: "/host-shm", readOnly: true });
    expect(first.raw).toMatchObject({ Id: first.id });
    await docker("rename", "full", "fuller");
    await details.until(({ name }) => name === "fuller");
    await docker("kill", "fuller");
    const ended = await details.until(({ state }) => state === "exited" || state === "restarting");
    expect(ended.exitCode).toBe(137);
    expect(ended.finishedAt).toBeGreaterThan(Date.now() - 60_000);
    await docker("rm", "-f", "fuller");
    await details.ended;
    expect(details.failure).toBeUndefined();
  });

  test("an out-of-memory kill is told", async () => {
    await docker(
      "run",
      "--name",
      "hungry",
      "-m",
      "24m",
      "busybox:test",
      "sh",
      "-c",
      "tail -c 64m /dev/zero | tail",
    ).catch(() => {});
    const details = await engine.handlers.containers.inspect({ id: "hungry" }, engine.signal);
    expect(details).toMatchObject({ state: "exited" });
    expect(details.oomKilled).toBe((await inspect("hungry", "{{.State.OOMKilled}}")) === "true");
  });
});

test("changes were shown within a second", () => {
  expect(delays.count).toBeGreaterThan(10);
  expect(delays.medianMs).toBeLessThan(1_000);
});

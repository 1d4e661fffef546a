import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ContainerSummary } from "#contract";
import { type EngineUnderTest, startEngine } from "../fixtures/engine-under-test.ts";
import { cut, type FakeEngine, json, silence, stall, startFakeEngine, text } from "../fixtures/fake-engine.ts";
import { Follower, foldList, type ShownList } from "../fixtures/follow.ts";

let fake: FakeEngine;
let engine: EngineUnderTest;

beforeEach(async () => {
  fake = await startFakeEngine();
  engine = await startEngine(fake.host);
});
afterEach(async () => {
  await engine.close();
  await fake.stop();
});

function container(number: number): object {
  const id = number.toString(16).padStart(64, "0");
  return { Id: id, Names: [`/c${number}`], Image: "busybox", Created: 1, State: "running", Status: "Up 1 second" };
}

function watchList(): Follower<ShownList<ContainerSummary>> {
  return new Follower(foldList(engine.handlers.containers.watch({}, engine.signal), ({ id }) => id));
}

async function connected(): Promise<void> {
  const states = new Follower(engine.handlers.engine.watch({}, engine.signal));
  await states.until(({ status }) => status === "connected");
}

async function inspectError(): Promise<unknown> {
  await connected();
  try {
    return await engine.handlers.containers.inspect({ id: "web" }, engine.signal);
  } catch (error) {
    return error;
  }
}

describe("answers that are none", () => {
  const bodies = {
    HTML: text("<html><body>Bad Gateway</body></html>"),
    "truncated JSON": text('[{"Id":"abc"', "application/json"),
    null: json(null),
    "an empty body": text("", "application/json"),
    "a number": json(7),
    "an object for a list": json({ message: "surprise" }),
  };

  test.each(Object.entries(bodies))(
    "%s in place of the list ends the watch with one clear error",
    async (_name, answer) => {
      fake.on("/containers/json", answer);
      const list = watchList();
      await list.ended;
      expect(list.failure).toMatchObject({
        code: "unavailable",
        message: expect.stringContaining("unexpected answer"),
      });
      fake.on("/containers/json", json([container(1)]));
      await watchList().until(({ items }) => items.length === 1);
    },
  );

  test.each(Object.entries(bodies))("%s in place of a container is one clear error", async (_name, answer) => {
    fake.on("/containers/web/json", answer);
    expect(await inspectError()).toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/unexpected answer when asked to inspect web/),
    });
  });

  test("a status with an HTML page says the status, not the page", async () => {
    fake.on("/containers/web/json", (_request, response) => void response.writeHead(502).end("<html>nginx</html>"));
    expect(await inspectError()).toMatchObject({ code: "unavailable", message: expect.stringContaining("status 502") });
  });

  test("a body that ends in the middle, and a body that never ends", async () => {
    fake.on("/containers/web/json", cut('{"Id":"abc"'));
    expect(await inspectError()).toMatchObject({ code: "unavailable", message: expect.stringContaining("closed") });
    // A GET is sent once more when its connection broke.
    expect(fake.requests.filter((request) => request.includes("/web/json"))).toHaveLength(2);
    fake.on("/containers/web/json", stall('{"Id":"abc"'));
    const controller = new AbortController();
    const inspecting = Promise.resolve(engine.handlers.containers.inspect({ id: "web" }, controller.signal));
    setTimeout(() => controller.abort(), 200);
    await expect(inspecting).rejects.toMatchObject({ code: "cancelled" });
  });

  test("an inspect that gets no answer ends at its deadline", async () => {
    fake.on("/containers/web/json", silence);
    expect(await inspectError()).toMatchObject({ code: "timeout", message: expect.stringContaining("inspect web") });
  });

  test("an action ends with its connection, even in the middle of a body, and at an abort", async () => {
    await connected();
    fake.on("/containers/web/start", (request, response) => {
      stall("x")(request, response);
      setTimeout(() => fake.drop(), 200);
    });
    const starting = Promise.resolve(engine.handlers.containers.start({ id: "web" }, engine.signal));
    await expect(starting).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("closed") });
    await connected();
    fake.on("/containers/web/start", silence);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    await expect(async () => engine.handlers.containers.start({ id: "web" }, controller.signal)).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});

describe("odd items", () => {
  test("are skipped and counted, and the rest is shown", async () => {
    const odd = [
      null,
      7,
      "text",
      {},
      { Id: 5 },
      { ...container(9), State: "melted" },
      { ...container(8), Created: "now" },
    ];
    fake.on("/containers/json", json([container(1), ...odd, container(2)]));
    const { items, skipped } = await watchList().until(() => true);
    expect(items.map(({ name }) => name)).toEqual(["c1", "c2"]);
    expect(skipped).toBe(odd.length);
  });

  test("in images, volumes and networks too; missing parts are taken as empty", async () => {
    const { handlers, signal } = engine;
    fake.on("/images/json", json([{ Id: "sha256:1", Created: 1, RepoTags: null }, { Id: 1 }]));
    fake.on("/volumes", json({ Volumes: [{ Name: "v", Driver: "local", Labels: null }, { Name: "" }, null] }));
    fake.on("/networks", json([{ Id: "n", Name: "net", Driver: "bridge", IPAM: { Config: null } }, []]));
    const images = await new Follower(handlers.images.watch({}, signal)).until(() => true);
    const volumes = await new Follower(handlers.volumes.watch({}, signal)).until(() => true);
    const networks = await new Follower(handlers.networks.watch({}, signal)).until(() => true);
    expect(images).toMatchObject({ kind: "snapshot", skipped: 1, items: [{ id: "sha256:1", tags: [] }] });
    expect(volumes).toMatchObject({ skipped: 2, items: [{ name: "v", labels: {} }] });
    expect(networks).toMatchObject({ skipped: 1, items: [{ name: "net", subnets: [] }] });
    fake.on("/volumes", json({ Volumes: null }));
    fake.emit({ Type: "volume", Action: "destroy", Actor: { ID: "v" } });
  });

  test("in the event stream do no harm", async () => {
    const list = watchList();
    await list.until(() => true);
    for (const line of [
      "not json",
      "null",
      "[]",
      '{"Type":"container"}',
      '{"Type":"moon","Action":"rise","Actor":{"ID":"x"}}',
    ]) {
      fake.emit(line);
    }
    fake.on("/containers/json", json([container(1)]));
    fake.emit({
      Type: "container",
      Action: "create",
      Actor: { ID: "0".repeat(63).concat("1"), Attributes: null },
      time: 1,
    });
    await list.until(({ items }) => items.length === 1);
  });
});

describe("requests", () => {
  // The look for leftover helper containers, once a connection, asks by label.
  const lists = (): string[] =>
    fake.requests.filter((request) => request.includes("/containers/json") && !request.includes("label"));

  test("nothing is asked again while nothing happens, and a list runs only while someone watches", async () => {
    await connected();
    expect(lists()).toEqual([]);
    const controller = new AbortController();
    const list = new Follower(engine.handlers.containers.watch({}, controller.signal));
    await list.until(() => true);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(lists()).toHaveLength(1);
    controller.abort();
    await list.ended;
    fake.emit({ Type: "container", Action: "start", Actor: { ID: "a" } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(lists()).toHaveLength(1);
  });

  test("a burst of events is fetched by id, together", async () => {
    const list = watchList();
    await list.until(() => true);
    fake.on("/containers/json", json(Array.from({ length: 50 }, (_, index) => container(index))));
    for (let index = 0; index < 50; index += 1) {
      const id = index.toString(16).padStart(64, "0");
      for (const action of ["create", "start", "die"])
        fake.emit({ Type: "container", Action: action, Actor: { ID: id } });
    }
    await list.until(({ items }) => items.length === 50);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(lists().length).toBeLessThanOrEqual(4);
    expect(decodeURIComponent(lists()[1] ?? "")).toContain('filters={"id":["');
  });

  test("two watchers share one list", async () => {
    const [first, second] = [watchList(), watchList()];
    await Promise.all([first.until(() => true), second.until(() => true)]);
    const third = watchList();
    await third.until(() => true);
    expect(lists()).toHaveLength(1);
  });
});

test("an engine below the floor is told so, with what to do", async () => {
  const old = await startFakeEngine({ api: "1.40" });
  const refused = await startEngine(old.host);
  const states = new Follower(refused.handlers.engine.watch({}, refused.signal));
  const state = await states.until(({ status }) => status === "disconnected");
  expect(state).toMatchObject({ why: expect.stringMatching(/API 1\.40.*1\.41.*20\.10/) });
  await refused.close();
  await old.stop();
});

test("a newer engine is spoken to in the newest version that Longshore knows", async () => {
  const modern = await startFakeEngine({ api: "1.99" });
  const client = await startEngine(modern.host);
  const states = new Follower(client.handlers.engine.watch({}, client.signal));
  expect(await states.until(({ status }) => status === "connected")).toMatchObject({ api: "1.47" });
  await client.close();
  await modern.stop();
});

test("an engine that accepts and says nothing is disconnected in time, and something that is no engine is named so", async () => {
  fake.on("/_ping", silence);
  expect(await engine.handlers.engine.test({ choice: fake.host }, engine.signal)).toMatchObject({
    ok: false,
    why: expect.stringContaining("did not answer within 2 s"),
  });
  fake.on("/_ping", text("hello"));
  expect(await engine.handlers.engine.test({ choice: fake.host }, engine.signal)).toMatchObject({
    ok: false,
    why: expect.stringContaining("no Docker Engine"),
  });
});

import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { type EngineUnderTest, startEngine } from "../fixtures/whole-engine.ts";

const docker = dockerCli(inject("dockerHost"));
let engine: EngineUnderTest;
const networks = ["reach-app", "reach-other", "reach-internal"];
const containers: string[] = [];

async function run(name: string, network: string, ...command: string[]): Promise<void> {
  const [first, ...more] = network.split("+");
  await docker(
    "run",
    "-d",
    "--name",
    name,
    "--network",
    first ?? "",
    "--network-alias",
    `${name}-alias`,
    "busybox:test",
    ...command,
  );
  for (const other of more) await docker("network", "connect", other, name);
  containers.push(name);
}

beforeAll(async () => {
  await docker("network", "create", "--subnet", "10.231.1.0/24", "reach-app");
  await docker("network", "create", "--subnet", "10.231.2.0/24", "reach-other");
  await docker("network", "create", "--internal", "--subnet", "10.231.3.0/24", "reach-internal");
  const serve = ["httpd", "-f", "-p", "5432"];
  await run("reach-web", "reach-app", "sleep", "1000");
  await run("reach-db", "reach-app", ...serve);
  await run("reach-far", "reach-other", ...serve);
  await run("reach-in", "reach-internal", ...serve);
  await run("reach-both", "reach-app+reach-internal", "sleep", "1000");
  await run("reach-self", "reach-app", "sh", "-c", "httpd -f -p 127.0.0.1:5432");
  await run("reach-gone", "reach-app", "true");
  await run("reach-asleep", "reach-app", "sleep", "1000");
  await docker("pause", "reach-asleep");
  await docker("run", "-d", "--name", "reach-plain", "busybox:test", "sleep", "1000");
  await docker("run", "-d", "--name", "reach-plain2", "-p", "5432", "busybox:test", ...serve);
  containers.push("reach-plain", "reach-plain2");
  await docker("wait", "reach-gone");
  engine = await startEngine(inject("dockerHost"));
});

afterAll(async () => {
  await engine?.stop();
  await docker("rm", "-fv", ...containers);
  await docker("network", "rm", ...networks);
});

type Case = readonly [
  what: string,
  from: string,
  to: string,
  port: number | undefined,
  reachable: boolean,
  words: string,
];

const cases: readonly Case[] = [
  ["a name on a shared network", "reach-web", "reach-db", undefined, true, "reach-web reaches reach-db."],
  ["a port that listens", "reach-web", "reach-db", 5432, true, "reach-web can connect to reach-db on port 5432."],
  [
    "no shared network",
    "reach-web",
    "reach-far",
    5432,
    false,
    "They share no network; connect reach-far to reach-app.",
  ],
  [
    "an internal network from outside",
    "reach-web",
    "reach-in",
    5432,
    false,
    "They share no network; connect reach-in to reach-app.",
  ],
  [
    "an internal network from a member",
    "reach-both",
    "reach-in",
    5432,
    true,
    "reach-both can connect to reach-in on port 5432.",
  ],
  [
    "a port that nothing listens on",
    "reach-web",
    "reach-db",
    80,
    false,
    "nothing in reach-db listens on 80; it listens on 5432",
  ],
  [
    "a server that listens for itself alone",
    "reach-web",
    "reach-self",
    5432,
    false,
    "listens on 5432 for itself alone (127.0.0.1)",
  ],
  [
    "a name on the default bridge",
    "reach-plain",
    "reach-plain2",
    5432,
    false,
    "The default bridge resolves no names; connect both to a network of your own.",
  ],
  ["a paused container", "reach-web", "reach-asleep", 80, false, "reach-asleep is paused. Unpause it first."],
  ["a stopped container", "reach-web", "reach-gone", 80, false, "reach-gone is not running. Start it first."],
];

/** What the container itself finds: whether a name resolves, and whether a port takes a connection. */
async function byHand(from: string, to: string, port: number | undefined): Promise<boolean> {
  const command = port === undefined ? ["nslookup", to] : ["nc", "-w", "2", to, String(port)];
  return docker("exec", from, "timeout", "4", ...command).then(
    () => true,
    () => false,
  );
}

/** What takes a connection does so sooner or later on a busy machine; what takes none is asked once. */
async function expectByHand([from, to, port]: Parameters<typeof byHand>, reachable: boolean): Promise<void> {
  if (reachable) await expect.poll(() => byHand(from, to, port)).toBe(true);
  else expect(await byHand(from, to, port)).toBe(false);
}

// At once: most of the time is spent waiting for answers that do not come.
test.concurrent.each(cases)(
  "%s",
  async (...[, from, to, port, reachable, words]: Case) => {
    const found = await engine.handlers.networks.reach(
      { from, to: { kind: "container", id: to }, ...(port ? { port } : {}) },
      AbortSignal.timeout(60_000),
    );
    expect(found.answer).toContain(words);
    expect(found.reachable).toBe(reachable);
    await expectByHand([from, to, port], reachable);
  },
  90_000,
);

test("a wrong alias is told apart from a right one", async () => {
  const reach = (alias: string) =>
    engine.handlers.networks.reach(
      { from: "reach-web", to: { kind: "container", id: "reach-db", alias }, port: 5432 },
      AbortSignal.timeout(60_000),
    );
  expect(await reach("reach-db-alias")).toMatchObject({ reachable: true });
  await expectByHand(["reach-web", "reach-db-alias", 5432], true);
  const wrong = await reach("databse");
  expect(wrong).toMatchObject({ reachable: false });
  expect(wrong.answer).toContain("cannot resolve databse. On reach-app it is called reach-db, reach-db-alias");
  expect(await byHand("reach-web", "databse", undefined)).toBe(false);
}, 90_000);

test("a published port on the host's own address, and one that nobody published", async () => {
  const gateway = "10.231.1.1";
  const port = Number((await docker("port", "reach-plain2", "5432")).split("\n")[0]?.split(":").at(-1));
  const reach = (to: number) =>
    engine.handlers.networks.reach(
      { from: "reach-web", to: { kind: "host", host: gateway }, port: to },
      AbortSignal.timeout(60_000),
    );
  const answer = `reach-web can connect to ${gateway} on port ${port}.`;
  expect(await reach(port)).toMatchObject({ reachable: true, answer });
  await expectByHand(["reach-web", gateway, port], true);
  await docker("stop", "-t", "0", "reach-plain2");
  expect(await reach(port)).toMatchObject({
    reachable: false,
    answer: `reach-web cannot connect to ${gateway} on port ${port}: nothing listens there.`,
  });
  expect(await byHand("reach-web", gateway, port)).toBe(false);
}, 90_000);

test("a network with members is not removed, and they are named; one that only awaits a container is not pruned", async () => {
  const signal = AbortSignal.timeout(60_000);
  const removal = Promise.resolve(engine.handlers.networks.remove({ id: "reach-other" }, signal));
  await expect(removal).rejects.toThrow("reach-other still has members: reach-far. Disconnect them first.");
  await docker("network", "create", "--subnet", "10.231.4.0/24", "reach-awaits");
  await docker("create", "--name", "reach-never-ran", "--network", "reach-awaits", "busybox:test");
  try {
    const { items } = await engine.handlers.networks.prunePreview({}, signal);
    expect(items.map(({ name }) => name)).not.toContain("reach-awaits");
  } finally {
    await docker("rm", "reach-never-ran");
    await docker("network", "rm", "reach-awaits");
  }
});

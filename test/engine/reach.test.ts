import { createServer } from "node:net";
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
  const serve = ["sh", "-c", "while :; do nc -l -p 5432 -e true; done"];
  await run("reach-web", "reach-app", "sleep", "1000");
  await run("reach-db", "reach-app", ...serve);
  await run("reach-far", "reach-other", ...serve);
  await run("reach-in", "reach-internal", ...serve);
  await run("reach-both", "reach-app+reach-internal", "sleep", "1000");
  await run("reach-self", "reach-app", "sh", "-c", "httpd -f -p 127.0.0.1:5432");
  await run("reach-gone", "reach-app", "true");
  await docker("wait", "reach-gone");
  engine = await startEngine(inject("dockerHost"));
}, 90_000);

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
  ["a stopped container", "reach-web", "reach-gone", 80, false, "reach-gone is not running. Start it first."],
];

test.each(cases)(
  "%s",
  async (...[, from, to, port, reachable, words]: Case) => {
    const found = await engine.handlers.networks.reach(
      { from, to: { kind: "container", id: to }, ...(port ? { port } : {}) },
      AbortSignal.timeout(30_000),
    );
    expect(found.answer).toContain(words);
    expect(found.reachable).toBe(reachable);
    if (port !== undefined) {
      const byHand = await docker("exec", from, "timeout", "4", "nc", "-w", "2", to, String(port)).then(
        () => true,
        () => false,
      );
      expect(byHand).toBe(reachable);
    }
  },
  40_000,
);

test("a wrong alias is told apart from a right one", async () => {
  const reach = (alias: string) =>
    engine.handlers.networks.reach(
      { from: "reach-web", to: { kind: "container", id: "reach-db", alias }, port: 5432 },
      AbortSignal.timeout(30_000),
    );
  expect(await reach("reach-db-alias")).toMatchObject({ reachable: true });
  const wrong = await reach("databse");
  expect(wrong).toMatchObject({ reachable: false });
  expect(wrong.answer).toContain("cannot resolve databse. On reach-app it is called reach-db, reach-db-alias");
}, 40_000);

test("a host by its address, as a published port is reached", async () => {
  const gateway = "10.231.1.1";
  const server = createServer((socket) => socket.end("x"));
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  try {
    const found = await engine.handlers.networks.reach(
      { from: "reach-web", to: { kind: "host", host: gateway }, port },
      AbortSignal.timeout(30_000),
    );
    expect(found).toMatchObject({ reachable: true, answer: `reach-web can connect to ${gateway} on port ${port}.` });
  } finally {
    server.close();
  }
}, 40_000);

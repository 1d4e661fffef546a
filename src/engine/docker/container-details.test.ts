import { expect, test } from "vitest";
import { containerAnswer } from "./container-details.ts";

const least = { Id: "a".repeat(64), State: { Status: "created" }, Config: {}, HostConfig: {} };
const read = (changes: object) => containerAnswer.parse({ ...least, ...changes });

test("an answer with nothing but what must be there", () => {
  expect(read({})).toMatchObject({
    name: "aaaaaaaaaaaa",
    command: [],
    env: [],
    restartPolicy: { name: "no", maximumRetryCount: 0 },
    health: { status: "none", probes: [] },
    raw: least,
  });
  expect(read({})).not.toHaveProperty("exitCode");
  expect(read({})).not.toHaveProperty("startedAt");
});

test("times, with the engine's zero time as none", () => {
  const details = read({
    Created: "2026-11-24T00:11:19.969678698Z",
    State: { Status: "running", StartedAt: "2026-11-24T00:11:20.1Z", FinishedAt: "0001-01-01T00:00:00Z" },
  });
  expect(details.createdAt).toBe(Date.parse("2026-11-24T00:11:19.969Z"));
  expect(details.startedAt).toBe(Date.parse("2026-11-24T00:11:20.100Z"));
  expect(details).not.toHaveProperty("finishedAt");
});

test("an exit code where it means something: after an end, and after a start that failed", () => {
  expect(read({ State: { Status: "exited", ExitCode: 0 } }).exitCode).toBe(0);
  expect(read({ State: { Status: "created", ExitCode: 127, Error: "no such program" } })).toMatchObject({
    exitCode: 127,
    error: "no such program",
  });
  expect(read({ State: { Status: "running", ExitCode: 0 } })).not.toHaveProperty("exitCode");
});

test("env keeps order, empty values and further equal signs", () => {
  expect(read({ Config: { Env: ["A=1=2", "B=", "C"] } }).env).toEqual([
    { name: "A", value: "1=2" },
    { name: "B", value: "" },
    { name: "C", value: "" },
  ]);
});

test("ports: live ones of a running container, planned ones of a stopped one, exposed ones of both", () => {
  const parts = {
    Config: { ExposedPorts: { "443/tcp": {}, "80/tcp": {} } },
    HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] } },
    NetworkSettings: { Ports: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "49153" }], "bad/port": null } },
  };
  expect(read({ ...parts, State: { Status: "running" } }).ports).toEqual([
    { privatePort: 443, protocol: "tcp" },
    { privatePort: 80, protocol: "tcp", publicPort: 49153, hostIp: "0.0.0.0" },
  ]);
  expect(read({ ...parts, State: { Status: "exited" } }).ports).toContainEqual({
    privatePort: 80,
    protocol: "tcp",
    publicPort: 8080,
  });
});

test("health probes, mounts and networks", () => {
  const details = read({
    State: {
      Status: "running",
      Health: { Status: "unhealthy", FailingStreak: 3, Log: [{ Start: "t", ExitCode: 1, Output: "refused" }] },
    },
    Mounts: [
      { Type: "volume", Name: "data", Source: "/v", Destination: "/data", RW: true },
      { Type: "bind", Source: "/etc", Destination: "/e", RW: false },
    ],
    NetworkSettings: { Networks: { app: { NetworkID: "n", IPAddress: "10.0.0.2", Aliases: null }, odd: null } },
  });
  expect(details.health).toEqual({
    status: "unhealthy",
    failingStreak: 3,
    probes: [{ startedAt: "t", exitCode: 1, output: "refused" }],
  });
  expect(details.mounts).toEqual([
    { type: "volume", name: "data", source: "/v", destination: "/data", readOnly: false },
    { type: "bind", source: "/etc", destination: "/e", readOnly: true },
  ]);
  expect(details.networks.map(({ name, ipAddress, aliases }) => [name, ipAddress, aliases])).toEqual([
    ["app", "10.0.0.2", []],
    ["odd", "", []],
  ]);
});

test.each([null, [], {}, { ...least, Id: "" }, { ...least, State: { Status: "melted" } }, { ...least, Config: null }])(
  "%j is refused",
  (answer) => {
    expect(containerAnswer.safeParse(answer).success).toBe(false);
  },
);

import { describe, expect, test } from "vitest";
import { readContainerSummary } from "./container-summary.ts";

const base = {
  Id: "a".repeat(64),
  Names: ["/web"],
  Image: "nginx",
  Created: 1_700_000_000,
  State: "running",
  Status: "",
};
const read = (changes: object) => readContainerSummary({ ...base, ...changes });

test("an item with nothing but what must be there", () => {
  expect(read({})).toEqual({
    id: base.Id,
    name: "web",
    image: "nginx",
    imageId: "",
    command: "",
    createdAt: 1_700_000_000_000,
    state: "running",
    health: "none",
    ports: [],
    labels: {},
    networks: [],
    volumes: [],
  });
});

describe("name", () => {
  test.each([
    [["/other/alias", "/web"], "web"],
    [["/web"], "web"],
    [[], "aaaaaaaaaaaa"],
    [null, "aaaaaaaaaaaa"],
  ])("of %j", (names, name) => {
    expect(read({ Names: names })?.name).toBe(name);
  });
});

describe("the words of a status", () => {
  test.each([
    ["exited", "Exited (137) 5 minutes ago", 137],
    ["exited", "Exited (-1) 2 days ago", -1],
    ["restarting", "Restarting (1) 3 seconds ago", 1],
    ["running", "Up 5 minutes", undefined],
    ["created", "Created", undefined],
  ])("%s: %s", (state, status, exitCode) => {
    expect(read({ State: state, Status: status })?.exitCode).toBe(exitCode);
  });

  test.each([
    ["running", "Up 5 minutes (healthy)", "healthy"],
    ["running", "Up 5 minutes (unhealthy)", "unhealthy"],
    ["running", "Up 1 second (health: starting)", "starting"],
    ["paused", "Up 5 minutes (Paused)", "none"],
    ["exited", "Exited (0) 1 hour ago (healthy)", "none"],
  ])("%s: %s", (state, status, health) => {
    expect(read({ State: state, Status: status })?.health).toBe(health);
  });
});

test("ports that are published, exposed, or unreadable", () => {
  const ports = [
    { IP: "::", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
    { PrivatePort: 53, Type: "udp" },
    { PrivatePort: "x", Type: "tcp" },
    null,
  ];
  expect(read({ Ports: ports })?.ports).toEqual([
    { privatePort: 80, protocol: "tcp", publicPort: 8080, hostIp: "::" },
    { privatePort: 53, protocol: "udp" },
  ]);
});

test.each([null, 1, "x", [], {}, { ...base, Id: "" }, { ...base, State: "melted" }, { ...base, Created: "now" }])(
  "%j is no container",
  (item) => {
    expect(readContainerSummary(item)).toBeUndefined();
  },
);

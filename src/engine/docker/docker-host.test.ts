import { describe, expect, test } from "vitest";
import { parseDockerHost } from "./docker-host.ts";

const origin = "DOCKER_HOST";
const parse = (text: string, tls?: { verify: boolean }) => parseDockerHost(text, { origin, tls });

describe("addresses of all kinds", () => {
  test.each([
    ["unix:///var/run/docker.sock", { kind: "socket", path: "/var/run/docker.sock" }, false],
    ["/run/user/1000/docker.sock", { kind: "socket", path: "/run/user/1000/docker.sock" }, false],
    ["npipe:////./pipe/docker_engine", { kind: "socket", path: "\\\\.\\pipe\\docker_engine" }, false],
    ["tcp://10.0.0.5:2375", { kind: "tcp", hostname: "10.0.0.5", port: 2375 }, true],
    ["tcp://box", { kind: "tcp", hostname: "box", port: 2375 }, true],
    ["localhost:2375", { kind: "tcp", hostname: "localhost", port: 2375 }, true],
    ["http://box:80", { kind: "tcp", hostname: "box", port: 80 }, true],
    ["tcp://[::1]:2375", { kind: "tcp", hostname: "::1", port: 2375 }, true],
    ["https://box", { kind: "tcp", hostname: "box", port: 2376, tls: { verify: true } }, false],
    ["ssh://me@box:2222", { kind: "ssh", hostname: "box", user: "me", port: 2222 }, false],
    ["ssh://box/run/user/1/docker.sock", { kind: "ssh", hostname: "box", socket: "/run/user/1/docker.sock" }, false],
  ])("%s", (text, address, insecure) => {
    expect(parse(text)).toMatchObject({ insecure, address });
    expect(parse(text).address).toEqual(address);
  });

  test("TLS from outside applies to tcp; without verification it is no protection", () => {
    expect(parse("tcp://box", { verify: true })).toMatchObject({ insecure: false, address: { port: 2376 } });
    expect(parse("tcp://box", { verify: false })).toMatchObject({ insecure: true });
  });
});

test.each([
  "",
  "foo",
  "ftp://box",
  "tcp://",
  "tcp://box:99999",
  "tcp://box/path",
  "tcp://me:secret@box",
  "https://box?x=1",
  "unix://",
  "unix://relative",
  "npipe://x",
  "ssh://",
  "ssh://-oProxyCommand=x",
  "ssh://-x@box",
  "javascript:alert(1)",
])("%j is refused, with its origin and the forms that exist", (text) => {
  expect(() => parse(text)).toThrow(/^DOCKER_HOST is ".*", which is no engine address\. Use unix:/);
});

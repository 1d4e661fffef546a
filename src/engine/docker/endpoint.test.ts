import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { discoverEndpoints, findEndpoints, type MachineSource, type Surroundings } from "./endpoint.ts";

let userHome: string;
beforeEach(() => {
  userHome = mkdtempSync(join(tmpdir(), "longshore-user-"));
});
afterEach(() => rmSync(userHome, { recursive: true, force: true }));

function around(env: NodeJS.ProcessEnv = {}, machine?: MachineSource): Surroundings {
  return { env, userHome, platform: "linux", machine };
}

function write(path: string, text: string): void {
  mkdirSync(join(userHome, path, ".."), { recursive: true });
  writeFileSync(join(userHome, path), text);
}

function addContext(name: string, docker: object): void {
  const hash = createHash("sha256").update(name).digest("hex");
  write(`.docker/contexts/meta/${hash}/meta.json`, JSON.stringify({ Name: name, Endpoints: { docker } }));
}

const hosts = (choice: string, surroundings: Surroundings): string[] =>
  findEndpoints({ value: choice, source: "setting" }, surroundings).map(({ endpoint }) => endpoint.host);

const machine: MachineSource = {
  host: () => "unix:///machine.sock",
  explain: () => ({ why: "The machine is stopped.", hints: [] }),
  subscribe: () => () => {},
};

describe("auto", () => {
  test("DOCKER_HOST goes before contexts, contexts before sockets, and the machine comes last", () => {
    addContext("work", { Host: "tcp://work:2375" });
    write(".docker/config.json", JSON.stringify({ currentContext: "work" }));
    write(".docker/run/docker.sock", "");
    expect(hosts("auto", around({ DOCKER_HOST: "tcp://a:1" }, machine))).toEqual(["tcp://a:1", "unix:///machine.sock"]);
    expect(hosts("host", around())).toEqual(["tcp://work:2375"]);
    write(".docker/config.json", JSON.stringify({ currentContext: "default" }));
    expect(hosts("auto", around())).toContain(`unix://${userHome}/.docker/run/docker.sock`);
    expect(hosts("auto", around({}, machine)).at(-1)).toBe("unix:///machine.sock");
  });

  test("usual sockets are taken only where they are", () => {
    write("run/docker.sock", "");
    write(".colima/default/docker.sock", "");
    const found = hosts("host", around({ XDG_RUNTIME_DIR: join(userHome, "run") }));
    expect(found).toContain(`unix://${userHome}/run/docker.sock`);
    expect(found).toContain(`unix://${userHome}/.colima/default/docker.sock`);
    expect(found).not.toContain(`unix://${userHome}/.orbstack/run/docker.sock`);
  });

  test("a damaged config.json is as good as none", () => {
    write(".docker/config.json", "{ not json");
    expect(() => hosts("host", around())).not.toThrow();
  });
});

test("vm is the machine alone, and nothing while it does not run", () => {
  expect(hosts("vm", around({ DOCKER_HOST: "tcp://a:1" }, machine))).toEqual(["unix:///machine.sock"]);
  expect(hosts("vm", around({}, { ...machine, host: () => undefined }))).toEqual([]);
  expect(hosts("vm", around())).toEqual([]);
});

test("a named context carries its TLS files", () => {
  addContext("secure", { Host: "tcp://box:2376", SkipTLSVerify: false });
  const hash = createHash("sha256").update("secure").digest("hex");
  write(`.docker/contexts/tls/${hash}/docker/ca.pem`, "authority");
  const [found] = findEndpoints({ value: "context:secure", source: "option" }, around());
  expect(found).toMatchObject({
    endpoint: { context: "secure", source: "option", insecure: false },
    address: { tls: { verify: true, ca: Buffer.from("authority") } },
  });
  expect(() => hosts("context:absent", around())).toThrow(/no docker context "absent"/);
});

test("DOCKER_TLS_VERIFY without any certificate in DOCKER_CERT_PATH is a mistake that is told", () => {
  const env = { DOCKER_HOST: "tcp://box:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: join(userHome, "none") };
  expect(() => hosts("auto", around(env))).toThrow(/no ca\.pem, cert\.pem or key\.pem/);
});

test("discovery lists each engine once, and a wrong DOCKER_HOST hides none", () => {
  addContext("one", { Host: "tcp://one:2375" });
  addContext("twin", { Host: "tcp://one:2375" });
  addContext("broken", { Host: "what is this" });
  const found = discoverEndpoints(around({ DOCKER_HOST: "nonsense" }, machine)).map(({ host }) => host);
  expect(found.filter((host) => host === "tcp://one:2375")).toHaveLength(1);
  expect(found).toContain("unix:///machine.sock");
});

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { dockerWithPlugins } from "../fixtures/cli-plugins.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { fetchText } from "../fixtures/published-port.ts";
import { sharedMachine } from "../fixtures/shared-machine.ts";

const host = inject("dockerHost");
const docker = dockerCli(host);
const folder = mkdtempSync(join(tmpdir(), "longshore-clients-"));
const client = dockerWithPlugins(host, join(folder, "config"));

beforeAll(() => {
  writeFileSync(join(folder, "page"), "built here\n");
  writeFileSync(
    join(folder, "Dockerfile"),
    ["FROM busybox:test", "COPY page /w/index.html", "RUN sha256sum /w/index.html >/w/sum", 'CMD ["sleep", "1"]'].join(
      "\n",
    ),
  );
  writeFileSync(
    join(folder, "compose.yaml"),
    `services:
  web:
    image: longshore-test/built
    command: httpd -f -p 80 -h /w
    ports: ["28090:80"]
    stop_signal: KILL
  cron:
    image: busybox:test
    command: sleep 1000
    stop_signal: KILL
    volumes: ["kept:/v"]
    depends_on: [web]
volumes:
  kept:
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the CLI with an input that ends at once after `input`; gives the sum and the size of what came out. */
async function piped(args: readonly string[], input: Buffer): Promise<{ sha256: string; sizeBytes: number }> {
  const child = spawn("docker", ["-H", host, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stdin.end(input);
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  expect(await closed).toBe(0);
  return { sha256: hash.digest("hex"), sizeBytes };
}

const sumOf = (data: Buffer): string => createHash("sha256").update(data).digest("hex");

describe("the docker CLI through the socket", () => {
  test("builds with BuildKit, and what was built runs", async () => {
    const output = await client(["buildx", "build", "--progress", "plain", "-t", "longshore-test/built", "."], folder);
    // Only BuildKit numbers its steps so; the classic builder says "Step 1/4".
    expect(output).toMatch(/^#\d+ \[2\/3\] COPY page/m);
    expect(await docker("run", "--rm", "longshore-test/built", "sha256sum", "-c", "/w/sum")).toBe("/w/index.html: OK");
  });

  test("takes a project up and down with compose, and its port answers", async () => {
    await client(["compose", "-p", "shop", "up", "-d"], folder);
    const rows = (await client(["compose", "-p", "shop", "ps", "--format", "json"], folder)).split("\n");
    const services = rows.map((row) => JSON.parse(row) as { Service: string; State: string });
    expect(services.map(({ Service, State }) => `${Service} ${State}`).sort()).toEqual(["cron running", "web running"]);
    expect(await fetchText(28090)).toBe("built here\n");
    await client(["compose", "-p", "shop", "down", "-v"], folder);
    expect(await docker("ps", "-aq", "--filter", "label=com.docker.compose.project=shop")).toBe("");
    expect(await docker("volume", "ls", "-q", "--filter", "label=com.docker.compose.project=shop")).toBe("");
    await docker("rmi", "longshore-test/built");
  });

  test("has a context named longshore while the setting is on, and only then", async () => {
    const machine = sharedMachine();
    const config = join(inject("machineHome"), "docker-config");
    const inContext = dockerWithPlugins("", config);
    const { settings } = await machine.view();
    const contexts = () => inContext(["context", "ls", "--format", "{{.Name}} {{.DockerEndpoint}}"]);
    expect(await machine.applySettings({ ...settings, dockerContext: true })).toMatchObject([{ effect: "now" }]);
    await expect.poll(contexts).toContain(`longshore ${host}`);
    expect(await inContext(["--context", "longshore", "version", "--format", "{{.Server.Version}}"])).toBe(
      await docker("version", "--format", "{{.Server.Version}}"),
    );
    await machine.applySettings({ ...settings, dockerContext: false });
    await expect.poll(contexts).not.toContain("longshore");
  });
});

describe("half-close", () => {
  test("ends the input of a container and of an exec, and what was piped in comes out whole", async () => {
    const line = Buffer.from("hi\n");
    expect(await piped(["run", "-i", "--rm", "busybox:test", "cat"], line)).toEqual({
      sha256: sumOf(line),
      sizeBytes: 3,
    });
    await docker("run", "-d", "--name", "pipe", "--stop-signal", "KILL", "busybox:test", "sleep", "1000");
    const input = Buffer.alloc(3_000_000, "longshore ");
    expect((await piped(["exec", "-i", "pipe", "cat"], input)).sha256).toBe(sumOf(input));
  });

  test("loses nothing of 200 MB from an exec without a terminal", async () => {
    const blockBytes = 10 ** 6;
    const sizeBytes = 200 * blockBytes;
    const line = "longshore keeps every byte\n";
    // Blocks that end within a line, so that a lost one changes what follows.
    await docker("exec", "pipe", "sh", "-c", `yes '${line.trim()}' | head -c ${blockBytes} >/block`);
    const write = "i=0; while [ $i -lt 200 ]; do cat /block; i=$((i+1)); done";
    const out = await piped(["exec", "pipe", "sh", "-c", write], Buffer.alloc(0));
    const whole = Buffer.concat(Array.from({ length: 200 }, () => Buffer.alloc(blockBytes, line)));
    expect(out).toEqual({ sha256: sumOf(whole), sizeBytes });
    await docker("rm", "-f", "pipe");
  });
});

test("testcontainers runs its own container", async () => {
  const before = { ...process.env };
  // Its reaper is an image of a registry; the container is removed here.
  const settings = { DOCKER_HOST: host, TESTCONTAINERS_RYUK_DISABLED: "true", DOCKER_CONFIG: folder };
  // Where the tests themselves run in a container, it would look for ports at the engine's bridge.
  Object.assign(process.env, settings, { TESTCONTAINERS_HOST_OVERRIDE: "127.0.0.1" });
  try {
    const { GenericContainer, Wait } = await import("testcontainers");
    const serve = ["sh", "-c", "mkdir /w; echo from a test >/w/index.html; echo serving; exec httpd -f -p 80 -h /w"];
    const container = await new GenericContainer("busybox:test")
      .withCommand(serve)
      .withExposedPorts(80)
      .withWaitStrategy(Wait.forAll([Wait.forListeningPorts(), Wait.forLogMessage("serving")]))
      .start();
    expect(await fetchText(container.getMappedPort(80))).toBe("from a test\n");
    expect((await container.exec(["cat", "/w/index.html"])).output).toBe("from a test\n");
    await container.stop({ timeout: 0 });
  } finally {
    process.env = before;
  }
});

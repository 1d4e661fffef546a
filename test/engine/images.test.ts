import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { reclaimableBytes } from "#contract";
import { type DockerCli, dockerCli } from "../fixtures/docker-cli.ts";
import { type EngineUnderTest, startEngine } from "../fixtures/engine-under-test.ts";
import { letEngineReach } from "../fixtures/over-machine.ts";
import { startHostileRegistry, startRegistry, type TestRegistry } from "../fixtures/registry.ts";
import { failureOf, taskWhen } from "../fixtures/task-end.ts";

const run = promisify(execFile);

let docker: DockerCli;
let engine: EngineUnderTest;
let folder: string;
let registry: TestRegistry;
let hostile: TestRegistry;
let unreach: (() => Promise<void>) | undefined;

beforeAll(async () => {
  docker = dockerCli(inject("dockerHost"));
  folder = mkdtempSync(join(tmpdir(), "longshore-images-"));
  engine = await startEngine(inject("dockerHost"), { DOCKER_CONFIG: join(folder, "docker"), PATH: process.env.PATH });
  for await (const { status } of engine.handlers.engine.watch({}, engine.signal)) if (status === "connected") break;
  [registry, hostile] = await Promise.all([startRegistry(), startHostileRegistry()]);
  unreach = await letEngineReach(docker, registry.address, hostile.address);
});
afterAll(async () => {
  await engine?.close();
  await unreach?.();
  await Promise.all([registry?.stop(), hostile?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  const images = (await docker("images", "-q", "--no-trunc", "--filter", "dangling=false")).split("\n");
  const keep = await docker("images", "-q", "--no-trunc", "busybox:test");
  const others = [...new Set(images)].filter((id) => id !== "" && id !== keep);
  if (others.length > 0) await docker("rmi", "-f", ...others);
  await docker("image", "prune", "-f");
});

/** An image of its own with so many random bytes. */
async function makeImage(
  name: string,
  { sizeBytes = 1000, from }: { sizeBytes?: number; from?: string } = {},
): Promise<string> {
  const tree = mkdtempSync(join(folder, "tree-"));
  await run("dd", ["if=/dev/urandom", `of=${join(tree, "data")}`, "bs=1000", `count=${Math.ceil(sizeBytes / 1000)}`]);
  writeFileSync(join(tree, "Dockerfile"), `FROM ${from ?? "scratch"}\nCOPY data /data-${name.replace(/\W/g, "")}\n`);
  await docker("build", "-q", "-t", name, tree);
  rmSync(tree, { recursive: true });
  return docker("images", "-q", "--no-trunc", name);
}

describe("a registry", () => {
  test("push, remove, list tags, pull again with layers", async () => {
    const { handlers, signal } = engine;
    const name = `${registry.address}/team/app:1.0`;
    const id = await makeImage("app:1.0", { sizeBytes: 300_000 });
    await handlers.images.tag({ id, reference: name }, signal);
    const { taskId: push } = await handlers.images.push({ reference: name }, signal);
    expect((await taskWhen(engine, push)).state).toMatchObject({
      status: "done",
      result: { summary: `Pushed ${name}.` },
    });
    await handlers.images.untag({ reference: name }, signal);
    await handlers.images.remove({ id, force: false }, signal);
    expect(await docker("images", "-q", name)).toBe("");
    expect(await handlers.registries.tags({ reference: `${registry.address}/team/app` }, signal)).toEqual({
      tags: ["1.0"],
      more: false,
    });
    expect(await handlers.registries.repositories({ address: registry.address }, signal)).toMatchObject({
      repositories: ["team/app"],
    });
    const { taskId: pull } = await handlers.images.pull({ reference: name }, signal);
    const done = await taskWhen(engine, pull);
    expect(done.state).toMatchObject({ status: "done", result: { facts: { imageId: id } } });
    expect(done.progress.items).toHaveLength(1);
    expect(await docker("images", "-q", "--no-trunc", name)).toBe(id);
  });

  test.each([
    ["missing", "not_found", "not_found", /has no 127\.0\.0\.1:\d+\/missing\/app:1/],
    ["limited", "unavailable", "rate_limit", /rate limit/],
    ["secret", "permission", "unauthorised", /Log in to 127/],
    ["cut", "unavailable", "cut", /incomplete or damaged/],
    ["elsewhere", "unavailable", "unreachable", /cannot reach/],
  ])("%s is told in plain words and leaves nothing", async (repository, code, reason, words) => {
    const reference = `${hostile.address}/${repository}/app:1`;
    const { taskId } = await engine.handlers.images.pull({ reference }, engine.signal);
    const failure = await failureOf(engine, taskId);
    expect(failure).toMatchObject({ code, reason });
    expect(failure.message).toMatch(words);
    expect(await docker("images", "-q", reference)).toBe("");
  });

  test("an unresolvable host and a closed port are told apart", async () => {
    const pull = (reference: string) => engine.handlers.images.pull({ reference }, engine.signal);
    const [{ taskId: unresolved }, { taskId: closed }] = await Promise.all([
      pull("no.invalid/a:1"),
      pull("127.0.0.1:9/a:1"),
    ]);
    expect(await failureOf(engine, unresolved)).toMatchObject({ reason: "unresolved" });
    expect(await failureOf(engine, closed)).toMatchObject({ reason: "unreachable" });
  });

  test.each([
    ["elsewhere", /does not follow/],
    ["html", /not a registry's/],
    ["secret", /asks for a login/],
    ["limited", /rate limit/],
    ["missing", /has no repository/],
  ])("its tag list with %s is one clear message", async (repository, words) => {
    const reference = `${hostile.address}/${repository}/app`;
    await expect(engine.handlers.registries.tags({ reference }, engine.signal)).rejects.toThrow(words);
  });

  test("Docker Hub out of reach is said so", async () => {
    await expect(engine.handlers.registries.search({ term: "alpine" }, engine.signal)).rejects.toMatchObject({
      code: "unavailable",
    });
  });
});

describe("files", () => {
  test("save and load bring the same image back; a file in the way is refused", async () => {
    const { handlers, signal } = engine;
    const id = await makeImage("kept:1", { sizeBytes: 200_000 });
    const path = join(folder, "kept.tar");
    const { taskId } = await handlers.images.save({ references: ["kept:1"], path }, signal);
    expect((await taskWhen(engine, taskId)).state.status).toBe("done");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(handlers.images.save({ references: ["kept:1"], path }, signal)).rejects.toThrow("exists already");
    await docker("rmi", "kept:1");
    const { taskId: load } = await handlers.images.load({ path }, signal);
    expect((await taskWhen(engine, load)).state).toMatchObject({
      status: "done",
      result: { summary: "Loaded kept:1." },
    });
    expect(await docker("images", "-q", "--no-trunc", "kept:1")).toBe(id);
  });

  test("a cancelled save leaves no file", async () => {
    const { handlers, signal } = engine;
    await makeImage("large:1", { sizeBytes: 60_000_000 });
    const path = join(folder, "large.tar");
    const { taskId } = await handlers.images.save({ references: ["large:1"], path }, signal);
    void handlers.tasks.cancel({ id: taskId }, signal);
    expect((await taskWhen(engine, taskId)).state.status).toBe("cancelled");
    expect(readdirSync(folder).filter((name) => name.includes("large"))).toEqual([]);
  });

  test.each([
    ["text.tar", "this is no tar at all, it is text", /not a complete image archive/],
    ["empty.tar", "", /is empty/],
  ])("%s is refused in words", async (name, content, words) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    const { taskId } = await engine.handlers.images.load({ path }, engine.signal);
    const failure = await failureOf(engine, taskId);
    expect(failure.code).toBe("bad_request");
    expect(failure.message).toMatch(words);
  });

  test("import makes an image of a tar; what is not there is said", async () => {
    const { handlers, signal } = engine;
    const tree = join(folder, "import");
    mkdirSync(tree);
    writeFileSync(join(tree, "hello"), "hello");
    const path = join(folder, "import.tar");
    await run("tar", ["-C", tree, "-cf", path, "."]);
    const { taskId } = await handlers.images.import({ path, reference: "imported:1" }, signal);
    expect((await taskWhen(engine, taskId)).state.status).toBe("done");
    expect(await docker("images", "-q", "imported:1")).not.toBe("");
    const { taskId: missing } = await handlers.images.load({ path: join(folder, "nowhere.tar") }, signal);
    expect((await failureOf(engine, missing)).message).toContain("There is no ");
  });
});

describe("removal", () => {
  test("prune frees exactly what its preview says, to the byte", async () => {
    const { handlers, signal } = engine;
    await makeImage("base:1", { sizeBytes: 100_000 });
    await makeImage("left:1", { sizeBytes: 20_000, from: "base:1" });
    await makeImage("right:1", { sizeBytes: 3_000, from: "base:1" });
    const preview = await handlers.images.prunePreview({ which: "unused" }, signal);
    const ids = preview.items.flatMap(({ id, tags }) => (tags.some((tag) => /^(base|left)/.test(tag)) ? [id] : []));
    const expected = reclaimableBytes(preview, new Set(ids));
    expect(expected).toBe(20_000);
    const before = await handlers.images.usage({}, signal);
    const { results } = await handlers.images.prune({ ids }, signal);
    expect(results).toEqual(ids.map((id) => ({ id })));
    const after = await handlers.images.usage({}, signal);
    expect(before.layersBytes - after.layersBytes).toBe(expected);
  });

  test("an image in use by now stays, with the container's name; the others go", async () => {
    const { handlers, signal } = engine;
    const used = await makeImage("used:1");
    const free = await makeImage("free:1", { sizeBytes: 2000 });
    await docker("create", "--name", "holder", "used:1", "x");
    try {
      expect(await handlers.images.removalPlan({ id: used }, signal)).toMatchObject({
        tags: ["used:1"],
        containers: [{ name: "holder", state: "created" }],
      });
      const { results } = await handlers.images.prune({ ids: [used, free] }, signal);
      expect(results[0]?.problem).toContain("holder");
      expect(results[1]).toEqual({ id: free });
    } finally {
      await docker("rm", "-f", "holder");
    }
  });
});

describe("the files of an image", () => {
  test("are shown as the container would see them", async () => {
    const { handlers, signal } = engine;
    const tree = mkdtempSync(join(folder, "files-"));
    writeFileSync(
      join(tree, "Dockerfile"),
      [
        "FROM busybox:test",
        "RUN mkdir -p /a/deep /opaque && echo one > /a/one && echo two > /a/two && echo old > /opaque/old && echo x > /gone",
        "RUN ln -s /a/one /link && ln /a/two /a/hard && ln -s a /folder && echo odd > '/odd \"name\" ü\t!' && rm /gone /a/one",
        "RUN rm -rf /opaque && mkdir /opaque && echo new > /opaque/new && rm -rf /a/deep && echo file > /a/deep",
      ].join("\n"),
    );
    await docker("build", "-q", "-t", "files:1", tree);
    for await (const state of handlers.images.readFiles({ id: "files:1" }, signal)) if (state.status === "ready") break;
    const list = async (path: string, layer?: number) => {
      const { entries } = await handlers.images.listFiles(
        { id: "files:1", path, ...(layer === undefined ? {} : { layer }) },
        signal,
      );
      return entries;
    };
    const seen = async (path: string): Promise<string[]> => (await list(path)).map(({ name }) => name).sort();
    for (const path of ["/", "/a", "/opaque"]) {
      const listed = await docker(
        "run",
        "--rm",
        "--network",
        "none",
        "files:1",
        "find",
        path,
        "-maxdepth",
        "1",
        "-mindepth",
        "1",
        "-print0",
      );
      const names = listed
        .split("\0")
        .filter(Boolean)
        .map((name) => name.split("/").at(-1) ?? "");
      // What the engine itself lays over a running container.
      const own = new Set(["dev", "proc", "sys", ".dockerenv"]);
      const without = (all: readonly string[]) => all.filter((name) => !own.has(name)).sort();
      expect(without(await seen(path))).toEqual(without(names));
    }
    const inA = await list("/a");
    // Which of the two is written as the file and which as the link is the engine's choice.
    const pair = inA.filter(({ name }) => name === "hard" || name === "two");
    expect(pair.map(({ kind }) => kind).sort()).toEqual(["file", "hardlink"]);
    expect(pair.map(({ sizeBytes }) => sizeBytes)).toEqual([4, 4]);
    expect(inA.find(({ name }) => name === "deep")).toMatchObject({ kind: "file", sizeBytes: 5 });
    expect((await list("/")).find(({ name }) => name === "link")).toMatchObject({ kind: "symlink", target: "/a/one" });
    expect(await seen("/folder")).toEqual(await seen("/a"));
    expect((await list("/", 2)).find(({ name }) => name === "gone")).toMatchObject({ kind: "removed" });
    await expect(list("/nowhere")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("run", () => {
  test("suggests a free port, publishes it, and tells when it answers", async () => {
    const { handlers, signal } = engine;
    const tree = mkdtempSync(join(folder, "web-"));
    writeFileSync(join(tree, "index.html"), "hello");
    writeFileSync(
      join(tree, "Dockerfile"),
      'FROM busybox:test\nCOPY index.html /www/index.html\nEXPOSE 80\nCMD ["httpd","-f","-h","/www"]\n',
    );
    await docker("build", "-q", "-t", "web:1", tree);
    const other = createServer().listen(0, "0.0.0.0");
    await once(other, "listening");
    const blocked = other.address() as AddressInfo;
    const { name, ports } = await handlers.images.runDefaults({ id: "web:1" }, signal);
    expect(name).toBe("web");
    expect(ports).toMatchObject([{ containerPort: 80, protocol: "tcp" }]);
    const hostPort = ports[0]?.hostPort ?? 0;
    const request = {
      image: "web:1",
      command: [],
      restart: "on-failure" as const,
      memoryBytes: 64 << 20,
      cpus: 0.5,
      env: [{ name: "A", value: "b c" }],
      volumes: [],
      ports,
    };
    try {
      await handlers.images.run({ ...request, name }, signal);
      const answers = handlers.images.whenAnswers({ port: hostPort }, signal);
      for await (const answer of answers) expect(answer).toEqual({ url: `http://localhost:${hostPort}/`, http: true });
      expect(await (await fetch(`http://127.0.0.1:${hostPort}/`)).text()).toBe("hello");
      expect(await docker("exec", name, "sh", "-c", "echo $A")).toBe("b c");
      const limits = "{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}";
      expect(await docker("inspect", "--format", limits, name)).toBe(`on-failure ${64 << 20} 500000000`);
      const wanted = [hostPort, blocked.port].map((port) => ({ port, protocol: "tcp" as const }));
      const { taken } = await handlers.images.checkPorts({ ports: wanted }, signal);
      expect(taken).toMatchObject([{ port: hostPort, container: name }, { port: blocked.port }]);
      expect(taken[1]?.container).toBeUndefined();
      for (const { port, free } of taken) expect(free).toBeGreaterThan(port);
      await expect(handlers.images.run({ ...request, name: "other" }, signal)).rejects.toThrow(
        `Port ${hostPort} is taken`,
      );
      expect(await docker("ps", "-aq", "--filter", "name=other")).toBe("");
    } finally {
      other.close();
      await docker("rm", "-fv", name);
    }
  });
});

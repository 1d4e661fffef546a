import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import type { BuildRequest, BuildUpdate } from "#contract";
import { createEngine, type Engine, openLog } from "#engine";
import { allHandlers } from "../fixtures/all-handlers.ts";
import { type DockerCli, dockerCli } from "../fixtures/docker-cli.ts";
import type { EngineUnderTest } from "../fixtures/engine-under-test.ts";
import { failureOf, taskWhen } from "../fixtures/task-end.ts";

const run = promisify(execFile);
const secret = "canary-secret-5f0e";

let docker: DockerCli;
let folder: string;
let home: string;
let inner: Engine;
let engine: EngineUnderTest;

async function start(): Promise<void> {
  const host = { capabilities: [], openExternal: () => Promise.resolve() };
  inner = await createEngine({
    home,
    choice: inject("dockerHost"),
    env: { DOCKER_CONFIG: home },
    version: "0",
    host,
    log: openLog(home),
  });
  engine = {
    handlers: await allHandlers(inner),
    signal: new AbortController().signal,
    opened: [],
    close: () => inner.close(),
  };
  for await (const { status } of inner.handlers.engine.watch({}, engine.signal)) if (status === "connected") break;
}

beforeAll(async () => {
  docker = dockerCli(inject("dockerHost"));
  home = mkdtempSync(join(tmpdir(), "longshore-builds-"));
  await start();
});
afterAll(async () => {
  await inner?.close();
  rmSync(home, { recursive: true, force: true });
  await docker("rmi", "-f", "built:1", "built:2").catch(() => {});
  await docker("builder", "prune", "-af");
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "longshore-context-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function request(dockerfile: string, change: Partial<BuildRequest> = {}): BuildRequest {
  writeFileSync(join(folder, "Dockerfile"), dockerfile);
  const plain = { tags: ["built:1"], args: [], target: "", noCache: false, pull: false, secrets: [] };
  return { context: folder, dockerfile: "Dockerfile", ...plain, ...change };
}

/** Everything that a build told, from beginning to end. */
async function follow(
  id: string,
): Promise<{ last: BuildUpdate; steps: Map<string, BuildUpdate["steps"][number]>; log: string }> {
  const steps = new Map<string, BuildUpdate["steps"][number]>();
  let log = "";
  let last: BuildUpdate | undefined;
  for await (const update of engine.handlers.builds.follow({ id }, engine.signal)) {
    last = update as BuildUpdate;
    for (const step of last.steps) steps.set(step.id, step);
    log += last.log.map(({ text }) => text).join("");
  }
  if (!last) throw new Error("the build told nothing");
  return { last, steps, log };
}

const twoStages = `FROM busybox:test AS build
ARG WHO=nobody
RUN echo "hello $WHO" > /out
RUN --mount=type=secret,id=tok test "$(cat /run/secrets/tok)" = ${secret} && cat /run/secrets/tok && echo seen
FROM busybox:test AS last
COPY --from=build /out /out
RUN cat /out
`;

test("two stages with args, target and a secret: tree, log, cache hits; the secret is nowhere", async () => {
  const { handlers, signal } = engine;
  const path = join(folder, "token");
  writeFileSync(path, secret);
  writeFileSync(join(folder, ".dockerignore"), "token\n");
  const wanted = request(twoStages.replace(`= ${secret} `, '!= "" '), {
    args: [{ name: "WHO", value: "harbour" }],
    tags: ["built:1", "built:2"],
    target: "last",
    secrets: [{ id: "tok", path }],
  });
  const { buildId, taskId } = await handlers.builds.start(wanted, signal);
  const { last, steps, log } = await follow(buildId);
  expect(last.build).toMatchObject({
    builder: "buildkit",
    state: { status: "done" },
    argNames: ["WHO"],
    secretIds: ["tok"],
  });
  expect([...steps.values()].map(({ name }) => name)).toContain("[last 2/3] COPY --from=build /out /out");
  expect(log).toContain("hello harbour");
  expect(log).toContain("[hidden]");
  expect((await taskWhen(engine, taskId)).state.status).toBe("done");
  expect(await docker("images", "-q", "built:1")).toBe(await docker("images", "-q", "built:2"));
  const again = await follow((await handlers.builds.start(wanted, signal)).buildId);
  expect(again.last.build.cachedSteps).toBeGreaterThanOrEqual(4);
  const { stdout } = await run("grep", ["-rl", secret, home]).catch(() => ({ stdout: "" }));
  expect(stdout).toBe("");
  expect(await docker("inspect", "built:1")).not.toContain(secret);
  expect(await docker("history", "--no-trunc", "built:1")).not.toContain(secret);
});

test.each([
  ["a step that fails", "FROM busybox:test\nRUN true\n\nRUN echo no && \\\n  false\n", 4],
  ["an unknown instruction", "FROM busybox:test\nRUN true\nFOO bar\n", 3],
  ["a file that is not there", "FROM busybox:test\nCOPY nowhere /x\n", 2],
])("%s is shown at its line", async (_what, dockerfile, line) => {
  const { buildId, taskId } = await engine.handlers.builds.start(request(dockerfile), engine.signal);
  expect((await failureOf(engine, taskId)).message).toContain("The build failed");
  const { last } = await follow(buildId);
  expect(last.build.state).toMatchObject({ status: "failed", fault: { line } });
});

test("cancel stops the build at the engine, and no image is made", async () => {
  const { handlers, signal } = engine;
  await docker("rmi", "-f", "built:1").catch(() => {});
  const marker = `29${Math.floor(Math.random() * 1e6)}`;
  const { buildId, taskId } = await handlers.builds.start(request(`FROM busybox:test\nRUN sleep ${marker}\n`), signal);
  await taskWhen(engine, taskId, ({ progress }) =>
    progress.items.some(({ label, state }) => label.includes(marker) && state === "active"),
  );
  // Where the engine is, which need not be this computer. The brackets keep the pattern from finding who looks for it.
  const look = ["run", "--rm", "--pid", "host", "--network", "none", "busybox:test"];
  const sleeping = (): Promise<string> => docker(...look, "sh", "-c", `ps | grep "[s]leep ${marker}" || true`);
  await expect.poll(sleeping).not.toBe("");
  void handlers.tasks.cancel({ id: taskId }, signal);
  expect((await taskWhen(engine, taskId)).state.status).toBe("cancelled");
  await expect.poll(sleeping).toBe("");
  expect((await follow(buildId)).last.build.state.status).toBe("cancelled");
  expect(await docker("images", "-q", "built:1")).toBe("");
});

test("the context leaves out what .dockerignore says, and says how large it is", async () => {
  for (const name of ["keep.txt", "drop.log", "also.log"]) writeFileSync(join(folder, name), "12345");
  symlinkSync("/etc/passwd", join(folder, "link"));
  writeFileSync(join(folder, ".dockerignore"), "*.log\n!also.log\n");
  const wanted = request("FROM scratch\nCOPY . /\n");
  const preview = await engine.handlers.builds.preview({ context: folder, dockerfile: "Dockerfile" }, engine.signal);
  expect(preview).toMatchObject({ files: 4, ignored: 1, ignoreFile: ".dockerignore", dockerfiles: ["Dockerfile"] });
  const { taskId } = await engine.handlers.builds.start(wanted, engine.signal);
  expect((await taskWhen(engine, taskId)).state.status).toBe("done");
  const container = await docker("create", "built:1", "x");
  try {
    const listed = await run("sh", ["-c", `docker -H ${inject("dockerHost")} export ${container} | tar -t`]);
    const names = listed.stdout.split("\n");
    expect(names).toContain("also.log");
    expect(names).toContain("link");
    expect(names).not.toContain("drop.log");
  } finally {
    await docker("rm", container);
  }
});

test("what is missing is said before anything starts", async () => {
  const { handlers, signal } = engine;
  await expect(
    handlers.builds.start({ ...request("FROM scratch"), context: "/nowhere/at/all" }, signal),
  ).rejects.toThrow("There is no /nowhere/at/all");
  await expect(handlers.builds.start({ ...request("FROM scratch"), dockerfile: "Other" }, signal)).rejects.toThrow(
    "There is no ",
  );
  await expect(handlers.builds.start({ ...request("FROM scratch"), dockerfile: "../Other" }, signal)).rejects.toThrow(
    "outside of",
  );
  const secrets = [{ id: "a", path: "/nowhere/secret" }];
  await expect(handlers.builds.start({ ...request("FROM scratch"), secrets }, signal)).rejects.toThrow(
    "There is no /nowhere/secret",
  );
});

test("the history survives a restart, with steps and log", async () => {
  const { buildId, taskId } = await engine.handlers.builds.start(
    request("FROM busybox:test\nRUN echo remembered\n", { noCache: true }),
    engine.signal,
  );
  await taskWhen(engine, taskId);
  await inner.close();
  await start();
  const { last, log } = await follow(buildId);
  expect(last.build.state.status).toBe("done");
  expect(log).toContain("remembered");
  await engine.handlers.builds.remove({ id: buildId }, engine.signal);
  await expect(follow(buildId)).rejects.toThrow("no such build");
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { BuildRequest, BuildStep, BuildUpdate } from "#contract";
import { type DockerCli, dockerCli } from "../fixtures/docker-cli.ts";
import { type EngineUnderTest, startEngine } from "../fixtures/engine-under-test.ts";
import { failureOf, taskWhen } from "../fixtures/task-end.ts";
import { type EngineWithoutBuildkit, startWithoutBuildkit } from "../fixtures/without-buildkit.ts";

let docker: DockerCli;
let old: EngineWithoutBuildkit;
let engine: EngineUnderTest;
let folder: string;
let context: string;

beforeAll(async () => {
  docker = dockerCli(inject("dockerHost"));
  folder = mkdtempSync(join(tmpdir(), "longshore-classic-"));
  context = join(folder, "context");
  mkdirSync(context);
  old = await startWithoutBuildkit(new URL(inject("dockerHost")).pathname, join(folder, "old.sock"));
  engine = await startEngine(old.host, { DOCKER_CONFIG: folder });
  for await (const { status } of engine.handlers.engine.watch({}, engine.signal)) if (status === "connected") break;
});
afterAll(async () => {
  await engine?.close();
  await old?.stop();
  await docker("rmi", "-f", "classic:1", "classic:2").catch(() => {});
  await docker("image", "prune", "-f");
  rmSync(folder, { recursive: true, force: true });
});

function request(dockerfile: string, change: Partial<BuildRequest> = {}): BuildRequest {
  writeFileSync(join(context, "Dockerfile"), dockerfile);
  const plain = { tags: ["classic:1"], args: [], target: "", noCache: false, pull: false, secrets: [] };
  return { context, dockerfile: "Dockerfile", ...plain, ...change };
}

async function build(
  wanted: BuildRequest,
): Promise<{ taskId: string; last: BuildUpdate; steps: BuildStep[]; log: string }> {
  const { buildId, taskId } = await engine.handlers.builds.start(wanted, engine.signal);
  const steps = new Map<string, BuildStep>();
  let log = "";
  let last: BuildUpdate | undefined;
  for await (const update of engine.handlers.builds.follow({ id: buildId }, engine.signal)) {
    last = update as BuildUpdate;
    for (const step of last.steps) steps.set(step.id, step);
    log += last.log.map(({ text }) => text).join("");
  }
  if (!last) throw new Error("the build told nothing");
  return { taskId, last, steps: [...steps.values()], log };
}

const twoStages = `FROM busybox:test AS build
ARG WHO=nobody
RUN echo "hello $WHO" > /out && cat /out
FROM busybox:test AS last
COPY --from=build /out /out
FROM busybox:test AS after
RUN false
`;

test("an engine without BuildKit builds classically, and the build says so and why", async () => {
  const wanted = request(twoStages, {
    args: [{ name: "WHO", value: "harbour" }],
    tags: ["classic:1", "classic:2"],
    target: "last",
  });
  const { last, steps, log, taskId } = await build(wanted);
  expect((await taskWhen(engine, taskId)).state.status).toBe("done");
  expect(last.build).toMatchObject({ builder: "classic", state: { status: "done" }, cachedSteps: 0 });
  expect(last.build.builderReason).not.toBe("");
  expect(steps.map(({ name }) => name)).toContain('[3] RUN echo "hello $WHO" > /out && cat /out');
  expect(log).toContain("hello harbour");
  expect(await docker("images", "-q", "classic:1")).toBe(await docker("images", "-q", "classic:2"));
  const again = await build(wanted);
  expect(again.last.build.cachedSteps).toBeGreaterThanOrEqual(3);
  expect(again.steps.filter(({ state }) => state === "cached").map(({ name }) => name)).toContain(
    "[5] COPY --from=build /out /out",
  );
});

test("a step that fails is shown at its line, and leaves no container and no tag", async () => {
  await docker("rmi", "-f", "classic:1", "classic:2").catch(() => {});
  const { last, steps, taskId } = await build(request("FROM busybox:test\nRUN true\n\nRUN echo no && \\\n  exit 7\n"));
  expect((await failureOf(engine, taskId)).message).toMatch(/The build failed: .*returned a non-zero code: 7/);
  expect(last.build.state).toMatchObject({ status: "failed", fault: { line: 4 } });
  expect(steps.at(-1)).toMatchObject({ state: "failed" });
  expect(await docker("images", "-q", "classic:1")).toBe("");
  expect(await docker("ps", "-aq")).toBe("");
});

test("secrets are refused before anything is sent", async () => {
  const path = join(folder, "token");
  writeFileSync(path, "canary");
  const { last, taskId } = await build(request("FROM busybox:test\n", { secrets: [{ id: "tok", path }] }));
  expect((await failureOf(engine, taskId)).message).toContain("no BuildKit, which secrets need");
  expect(last.steps).toEqual([]);
});

test("cancel ends the step at the engine", async () => {
  const { buildId, taskId } = await engine.handlers.builds.start(
    request("FROM busybox:test\nRUN sleep 3600\n"),
    engine.signal,
  );
  await expect.poll(() => docker("ps", "-q")).not.toBe("");
  void engine.handlers.tasks.cancel({ id: taskId }, engine.signal);
  expect((await taskWhen(engine, taskId)).state.status).toBe("cancelled");
  await expect.poll(() => docker("ps", "-aq")).toBe("");
  for await (const { build: told } of engine.handlers.builds.follow({ id: buildId }, engine.signal))
    expect(told.state.status).toBe("cancelled");
  expect(await docker("images", "-q", "classic:1")).toBe("");
});

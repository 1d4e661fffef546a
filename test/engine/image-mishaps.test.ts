import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type DockerCli, dockerCli } from "../fixtures/docker-cli.ts";
import { type DockerEngine, startDocker } from "../fixtures/docker-engine.ts";
import { type EngineUnderTest, startEngine } from "../fixtures/engine-under-test.ts";
import { startRegistry, type TestRegistry } from "../fixtures/registry.ts";
import { type SlowLink, startSlowLink } from "../fixtures/slow-link.ts";
import { failureOf, taskWhen } from "../fixtures/task-end.ts";

const run = promisify(execFile);

let docker: DockerCli;
let registry: TestRegistry;
let link: SlowLink;
let small: DockerEngine;
let engine: EngineUnderTest;
let folder: string;
let disk: string;

async function push(name: string, megabytes: number): Promise<void> {
  await run("dd", ["if=/dev/urandom", `of=${join(folder, "data")}`, "bs=1M", `count=${megabytes}`]);
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY data /data\n");
  await docker("build", "-q", "-t", name, folder);
  await docker("push", "-q", name);
  await docker("rmi", name);
}

beforeAll(async () => {
  docker = dockerCli(inject("dockerHost"));
  folder = mkdtempSync(join(tmpdir(), "longshore-full-"));
  disk = mkdtempSync(join(tmpdir(), "longshore-disk-"));
  await run("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", disk]);
  [registry, small] = await Promise.all([startRegistry(), startDocker({ dir: join(disk, "d") })]);
  link = await startSlowLink(registry.address, 100_000);
  await push(`${registry.address}/large:1`, 80);
  await push(`${registry.address}/fits:1`, 4);
  engine = await startEngine(small.host, { DOCKER_CONFIG: folder });
  for await (const { status } of engine.handlers.engine.watch({}, engine.signal)) if (status === "connected") break;
});
afterAll(async () => {
  await engine?.close();
  link?.stop();
  await Promise.all([registry?.stop(), small?.stop()]);
  // Lazily: what the restarted engine's shims still hold goes with them.
  await run("umount", ["-l", disk]);
  rmSync(disk, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  await docker("builder", "prune", "-af");
});

test("an image that is larger than the engine's disk: the cause is named, and the room is there again", async () => {
  const reference = `${registry.address}/large:1`;
  const { taskId } = await engine.handlers.images.pull({ reference }, engine.signal);
  const failure = await failureOf(engine, taskId);
  expect(failure).toMatchObject({ code: "unavailable", reason: "disk_full" });
  expect(failure.message).toContain("Prune unused images to make room");
  expect(await small.docker("images", "-q", reference)).toBe("");
  const { taskId: again } = await engine.handlers.images.pull(
    { reference: `${registry.address}/fits:1` },
    engine.signal,
  );
  expect((await taskWhen(engine, again)).state.status).toBe("done");
});

test("an engine that is restarted in a pull: the task says what became of it, and the next pull goes on", async () => {
  const reference = `${link.address}/fits:1`;
  await small.docker("rmi", `${registry.address}/fits:1`);
  const pull = async (): Promise<string> => (await engine.handlers.images.pull({ reference }, engine.signal)).taskId;
  const id = await pull();
  await taskWhen(engine, id, ({ progress }) => (progress.doneBytes ?? 0) > 0);
  await small.restart();
  expect((await failureOf(engine, id)).message).toMatch(/^The engine stopped during the pull of .*Try again\.$/);
  for await (const { status } of engine.handlers.engine.watch({}, engine.signal)) if (status === "connected") break;
  link.release();
  expect((await taskWhen(engine, await pull())).state.status).toBe("done");
  expect(await small.docker("images", "-q", reference)).not.toBe("");
});

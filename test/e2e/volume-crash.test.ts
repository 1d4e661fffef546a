import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { contract, createClient } from "#contract";
import { startApp } from "../fixtures/app.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { connectAsPage } from "../fixtures/rpc-client.ts";
import { startEngine } from "../fixtures/whole-engine.ts";

const docker = dockerCli(inject("dockerHost"));
let home: string;
let backup: string;

function sums(volume: string): Promise<string> {
  const script = "cd /v && find . -type f -exec sha256sum {} + | sort";
  return docker("run", "--rm", "--network=none", "-v", `${volume}:/v`, "busybox:test", "sh", "-c", script);
}

function fill(volume: string, word: string): Promise<string> {
  const script = `cd /v && for i in $(seq 1 300); do echo ${word} $i > f$i; done; yes ${word} | head -c 30000000 > big`;
  return docker("run", "--rm", "--network=none", "-v", `${volume}:/v`, "busybox:test", "sh", "-c", script);
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "longshore-crash-"));
  await docker("volume", "create", "crash-new");
  await docker("volume", "create", "crash-target");
  await fill("crash-new", "new");
  const engine = await startEngine(inject("dockerHost"));
  const signal = AbortSignal.timeout(60_000);
  const { taskId } = await engine.handlers.volumes.export(
    { name: "crash-new", folder: home, format: "tar.zst", pause: false },
    signal,
  );
  const state = await engine.taskEnd(taskId);
  backup = state.status === "done" ? (state.result.facts.path ?? "") : "";
  await engine.stop();
}, 90_000);

afterAll(async () => {
  const names = (await docker("volume", "ls", "-q")).split("\n").filter(Boolean);
  if (names.length > 0) await docker("volume", "rm", ...names);
  await rm(home, { recursive: true, force: true });
});

test("killed at any of ten points, an import leaves the old data or the new whole, and nothing half", async () => {
  await fill("crash-target", "old");
  const [old, fresh] = [await sums("crash-target"), await sums("crash-new")];
  const points = [100, 600, 1200, 1800, 2400, 3000, 3700, 4400, 5200, 6500];
  const outcomes: string[] = [];
  for (const delayMs of points) {
    const app = await startApp({ engine: inject("dockerHost"), home: join(home, "app") });
    const session = await connectAsPage(app.url);
    const client = createClient(contract, session.port);
    await client.volumes.import({
      path: backup,
      into: { kind: "replace", name: "crash-target", stop: false },
      keepOutsideLinks: false,
    });
    await sleep(delayMs);
    await app.kill();
    // Started again, it finishes or undoes what it had begun.
    const next = await startApp({ engine: inject("dockerHost"), home: join(home, "app") });
    const nextSession = await connectAsPage(next.url);
    const nextClient = createClient(contract, nextSession.port);
    const unfinished = async (): Promise<number> => {
      for await (const update of nextClient.volumes.watch({})) {
        if (update.kind === "snapshot") return update.items.filter(({ role }) => role.kind === "unfinished").length;
      }
      return -1;
    };
    await expect.poll(unfinished, { timeout: 15_000, interval: 250 }).toBe(0);
    const now = await sums("crash-target");
    expect([old, fresh]).toContain(now);
    outcomes.push(now === old ? "old" : "new");
    session.close();
    nextSession.close();
    await next.stop();
    expect(await docker("ps", "-aq", "--filter", "label=com.longshore.helper")).toBe("");
    if (now === fresh) await fill("crash-target", "old");
  }
  console.log(outcomes.join(" "));
}, 240_000);

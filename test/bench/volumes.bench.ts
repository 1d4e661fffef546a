import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { contract, createClient, fromColumns, type LongshoreClient } from "#contract";
import { startApp } from "../fixtures/app.ts";
import { launchBrowser, visit } from "../fixtures/browser.ts";
import { type DockerEngine, startDocker } from "../fixtures/docker-engine.ts";
import { connectAsPage } from "../fixtures/rpc-client.ts";
import { type Bench, type BenchResult, medianOf, round, timed } from "./statistics.ts";

interface Place {
  readonly engine: DockerEngine;
  readonly client: LongshoreClient;
  readonly folder: string;
}

async function withApp<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const engine = await startDocker();
  const folder = await mkdtemp(join(tmpdir(), "longshore-bench-"));
  const app = await startApp({ engine: engine.host, home: join(folder, "home") });
  const session = await connectAsPage(app.url);
  try {
    return await work({ engine, folder, client: createClient(contract, session.port) });
  } finally {
    session.close();
    await app.stop();
    const volumes = (await engine.docker("volume", "ls", "-q")).split("\n").filter(Boolean);
    await engine.docker("rm", "-f", "holder").catch(() => {});
    if (volumes.length > 0) await engine.docker("volume", "rm", "-f", ...volumes);
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One request to the engine over a kept connection; gives the body. */
function ask(engine: DockerEngine, agent: Agent, path: string, body: unknown): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json" };
    const asked = request({ socketPath: engine.socket, path, method: "POST", headers, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => resolve(Buffer.concat(chunks)));
    });
    asked.on("error", reject);
    asked.end(JSON.stringify(body));
  });
}

/** A container that only holds the volume, for what the engine's own means are measured with. */
function hold(engine: DockerEngine, volume: string): Promise<string> {
  const args = ["-d", "--name", "holder", "--network=none", "-v", `${volume}:/data`];
  return engine.docker("run", ...args, "busybox:test", "sleep", "100000");
}

const script = (folder: string): string =>
  `cd /data/${folder} && find . -mindepth 1 -maxdepth 1 -exec stat -c '%f %s %u %g %Y %n' '{}' +`;

/** Milliseconds of a listing by an exec of its own, as it is done without a warm shell. */
async function byExec(engine: DockerEngine, agent: Agent, folder: string): Promise<number> {
  return timed(async () => {
    const about = { AttachStdout: true, AttachStderr: true, Cmd: ["sh", "-c", script(folder)] };
    const { Id: id } = JSON.parse(String(await ask(engine, agent, "/v1.41/containers/holder/exec", about)));
    await ask(engine, agent, `/v1.41/exec/${id}/start`, { Detach: false, Tty: false });
  });
}

const limits = { 10: 0.1, 1000: 0.3, 10000: 0.6 } as const;

async function folderListing(): Promise<BenchResult> {
  return withApp(async ({ engine, client }) => {
    const make = Object.keys(limits)
      .map((count) => `mkdir n${count}; i=0; while [ $i -lt ${count} ]; do : > n${count}/file-$i; i=$((i+1)); done`)
      .join("; ");
    await engine.docker(
      "run",
      "--rm",
      "--network=none",
      "-v",
      "files:/v",
      "-w",
      "/v",
      "busybox:test",
      "sh",
      "-c",
      make,
    );
    await hold(engine, "files");
    const agent = new Agent({ keepAlive: true });
    const ratios: number[] = [];
    const notes: string[] = [];
    for (const [count, limit] of Object.entries(limits)) {
      const runs = count === "10" ? 41 : 11;
      const folder = `n${count}`;
      const ours = await medianOf(runs, () =>
        timed(async () => fromColumns((await client.files.list({ volume: "files", path: folder })).columns)),
      );
      const exec = await medianOf(runs, () => byExec(engine, agent, folder));
      ratios.push(ours / exec / limit);
      notes.push(`${count}: ${round(ours)} against ${round(exec)} ms, ${round(ours / exec)}x of ${limit}x`);
    }
    agent.destroy();
    const worst = Math.max(...ratios);
    return { value: round(worst), unit: "of the limit at worst", holds: worst <= 1, note: notes.join("; ") };
  });
}

async function piped(engine: DockerEngine, path: string): Promise<void> {
  const cp = spawn("docker", ["-H", engine.host, "cp", "holder:/data", "-"], { stdio: ["ignore", "pipe", "inherit"] });
  const zstd = spawn("zstd", ["-1", "-q", "-c"], { stdio: ["pipe", "pipe", "inherit"] });
  cp.stdout.pipe(zstd.stdin);
  const file = createWriteStream(path);
  zstd.stdout.pipe(file);
  await once(file, "finish");
}

async function ended(client: LongshoreClient, id: string): Promise<void> {
  for await (const update of client.tasks.watch({})) {
    const task = (update.kind === "snapshot" ? update.items : update.upserts).find((item) => item.id === id);
    if (task?.state.status === "done") return;
    if (task?.state.status === "failed") throw new Error(task.state.error.message);
  }
}

async function volumeExport(): Promise<BenchResult> {
  return withApp(async ({ engine, client, folder }) => {
    // Half of it noise, half of it text, as a database's files are.
    const fill =
      "dd if=/dev/urandom of=noise bs=1M count=128 2>/dev/null; yes 'insert into orders values (1, 2, 3)' | head -c 134217728 > text; for i in $(seq 500); do echo $i > f$i; done";
    await engine.docker("run", "--rm", "--network=none", "-v", "big:/v", "-w", "/v", "busybox:test", "sh", "-c", fill);
    await hold(engine, "big");
    const cp = await medianOf(3, () => timed(() => piped(engine, join(folder, "cp.tar.zst"))));
    const ours = await medianOf(3, () =>
      timed(async () => {
        const { taskId } = await client.volumes.export({ name: "big", folder, format: "tar.zst", pause: false });
        await ended(client, taskId);
      }),
    );
    const note = `256 MiB in ${round(ours)} ms, with checksum and manifest; docker cp | zstd -1 in ${round(cp)} ms`;
    return { value: round(cp / ours), unit: "x the speed of docker cp", holds: cp / ours >= 0.8, note };
  });
}

async function withPage<T>(engine: DockerEngine, work: (page: Page) => Promise<T>): Promise<T> {
  const app = await startApp({ engine: engine.host });
  const browser = await launchBrowser();
  try {
    const { page } = await visit(browser, app.url);
    return await work(page);
  } finally {
    await browser.close();
    await app.stop();
  }
}

async function listOfVolumes(): Promise<BenchResult> {
  return withApp(async ({ engine, client }) => {
    for (let at = 0; at < 500; at += 20) {
      const names = Array.from({ length: 20 }, (_, index) => `volume-${String(at + index).padStart(3, "0")}`);
      await Promise.all(names.map((name) => client.volumes.create({ name, driver: "local", options: {}, labels: {} })));
    }
    const cli = await medianOf(9, () => timed(() => engine.docker("volume", "ls")));
    const data = await medianOf(9, () =>
      timed(async () => {
        for await (const update of client.volumes.watch({})) if (update.kind === "snapshot") return;
      }),
    );
    const shown = await withPage(engine, async (page) => {
      const link = page.getByRole("link", { name: "Volumes", exact: true });
      await link.waitFor();
      await link.evaluate((element) => element.setAttribute("data-bench", "volumes"));
      return medianOf(9, async () => {
        await page.getByRole("link", { name: "Networks", exact: true }).click();
        await page.getByRole("table", { name: "Networks" }).waitFor();
        return clickUntil(page, "[data-bench=volumes]", { selector: 'a[href*="#/volumes/volume-"]', count: 10 });
      });
    });
    const note = `${round(shown)} ms from the click to the painted rows, ${round(data)} ms for the data alone, docker volume ls ${round(cli)} ms`;
    return { value: round(shown / cli), unit: "x docker volume ls", holds: shown <= 1.5 * cli, note };
  });
}

const patienceMs = 10_000;

interface Awaited {
  /** What is there `count` times once it is done. */
  readonly selector: string;
  readonly count: number;
}

/** Milliseconds from a click to the frame that shows something, by the page's own clock: asking from outside adds its own. */
function clickUntil(page: Page, button: string, awaited: Awaited): Promise<number> {
  return page.evaluate(
    ({ button: target, selector, count, longestMs }) =>
      new Promise<number>((resolve, reject) => {
        const startedAt = performance.now();
        const clicked = document.querySelector<HTMLElement>(target);
        if (!clicked) reject(new Error(`no ${target}`));
        const look = (): void => {
          if (document.querySelectorAll(selector).length < count) return;
          watch.disconnect();
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - startedAt)));
        };
        const watch = new MutationObserver(look);
        watch.observe(document.body, { childList: true, subtree: true });
        setTimeout(() => reject(new Error(`no ${selector} came`)), longestMs);
        clicked?.click();
      }),
    { button, ...awaited, longestMs: patienceMs },
  );
}

/** 160 containers in 16 compose projects, each with a network of its own, and 40 that belong to none. */
async function makeTopology(engine: DockerEngine): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const names = Array.from({ length: 16 }, (_, index) => `project${index}`);
  for (const name of [...names, "shared"]) {
    const subnet = `10.232.${name === "shared" ? 99 : name.slice("project".length)}.0/24`;
    await engine.docker("network", "create", "--subnet", subnet, name);
  }
  const create = async (index: number): Promise<void> => {
    const project = index < 160 ? names[index % 16] : undefined;
    const network = project ?? (index % 2 === 0 ? "shared" : "bridge");
    const labels = project ? { "com.docker.compose.project": project, "com.docker.compose.service": `s${index}` } : {};
    const host = {
      NetworkMode: network,
      ...(index % 8 === 0 ? { PortBindings: { "80/tcp": [{ HostPort: String(20_000 + index) }] } } : {}),
    };
    const body = { Image: "busybox:test", Cmd: ["sleep", "1"], Labels: labels, HostConfig: host };
    await ask(engine, agent, `/v1.41/containers/create?name=${project ?? "single"}-${index}`, body);
  };
  for (let at = 0; at < 200; at += 4) await Promise.all([0, 1, 2, 3].map((step) => create(at + step)));
  agent.destroy();
}

async function networkMap(): Promise<BenchResult> {
  return withApp(async ({ engine }) => {
    await makeTopology(engine);
    return withPage(engine, async (page) => {
      await page.getByRole("link", { name: "Networks", exact: true }).click();
      await page.getByRole("table", { name: "Networks" }).waitFor();
      const open = page.getByRole("button", { name: "Map", exact: true });
      await open.evaluate((element) => element.setAttribute("data-bench", "map"));
      const folded = await medianOf(7, async () => {
        const ms = await clickUntil(page, "[data-bench=map]", { selector: "svg g[role=button]", count: 20 });
        await page.getByRole("link", { name: "Networks", exact: true }).click();
        await open.waitFor();
        await open.evaluate((element) => element.setAttribute("data-bench", "map"));
        return ms;
      });
      await open.click();
      const fold = page.getByRole("checkbox", { name: "Fold" });
      const all = await medianOf(5, async () => {
        await fold.evaluate((element) => element.setAttribute("data-bench", "fold"));
        const ms = await clickUntil(page, "[data-bench=fold]", { selector: "svg g[role=button]", count: 217 });
        await fold.click();
        await page.waitForFunction(() => document.querySelectorAll("svg g[role=button]").length < 100);
        return ms;
      });
      const note = `folded by project as it opens ${round(folded)} ms; every one of 200 boxes ${round(all)} ms`;
      return { value: round(Math.max(folded, all)), unit: "ms at worst", holds: Math.max(folded, all) <= 500, note };
    });
  });
}

export const benches: readonly Bench[] = [
  { id: "P10", goal: "folder of 10 / 1k / 10k files ≤ 0.1x / 0.3x / 0.6x an exec per click", run: folderListing },
  { id: "P11", goal: "volume export ≥ 0.8x docker cp to the same sink", run: volumeExport },
  { id: "volumes", goal: "500 volumes on screen ≤ 1.5x docker volume ls", run: listOfVolumes },
  { id: "map", goal: "network map of 200 containers ≤ 500 ms", run: networkMap },
];

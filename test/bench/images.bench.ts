import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { contract, createClient, type LongshoreClient } from "#contract";
import { startApp } from "../fixtures/app.ts";
import { launchBrowser, visit } from "../fixtures/browser.ts";
import { type DockerEngine, startDocker } from "../fixtures/docker-engine.ts";
import { loadManyImages } from "../fixtures/many-images.ts";
import { startRegistry } from "../fixtures/registry.ts";
import { connectAsPage } from "../fixtures/rpc-client.ts";
import { type Bench, type BenchResult, median, medianOf, round, timed } from "./statistics.ts";

interface Place {
  readonly engine: DockerEngine;
  readonly client: LongshoreClient;
  readonly folder: string;
}

async function withApp(work: (place: Place) => Promise<BenchResult>): Promise<BenchResult> {
  const engine = await startDocker();
  const folder = await mkdtemp(join(tmpdir(), "longshore-bench-"));
  const app = await startApp({ engine: engine.host, home: join(folder, "home") });
  const session = await connectAsPage(app.url);
  try {
    return await work({ engine, folder, client: createClient(contract, session.port) });
  } finally {
    session.close();
    await app.stop();
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, [...args], { stdio: "ignore" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${String(code)}`);
}

/** An image of so many megabytes that do not compress. */
async function makeImage({ engine, folder }: Place, name: string, megabytes: number): Promise<void> {
  await run("dd", ["if=/dev/urandom", `of=${join(folder, "data")}`, "bs=1M", `count=${megabytes}`]);
  await writeFile(join(folder, "Dockerfile"), "FROM scratch\nCOPY data /data\n");
  await writeFile(join(folder, ".dockerignore"), "home\n");
  await engine.docker("build", "-q", "-t", name, folder);
}

async function ended(client: LongshoreClient, id: string): Promise<void> {
  for await (const update of client.tasks.watch({})) {
    const task = (update.kind === "snapshot" ? update.items : update.upserts).find((item) => item.id === id);
    if (task?.state.status === "done") return;
    if (task?.state.status === "failed") throw new Error(task.state.error.message);
  }
}

/** From the click on the sidebar to the frame after the one in which rows are there, by the page's own clock. */
async function clickToRows(page: Page): Promise<number> {
  // Listens before the click is sent: input overtakes whatever else is asked of a page.
  const shown = await page.evaluateHandle((longestMs) => {
    const rows = (): number => document.querySelectorAll('table[aria-label="Images"] tbody tr').length;
    const clicked = new Promise<number>((resolve, reject) => {
      const look = (clickedAt: number): void => {
        const spentMs = (): number => performance.now() - clickedAt;
        if (rows() > 10) requestAnimationFrame(() => resolve(spentMs()));
        else if (spentMs() > longestMs) reject(new Error("no rows came"));
        else requestAnimationFrame(() => look(clickedAt));
      };
      document.addEventListener("click", () => look(performance.now()), { capture: true, once: true });
    });
    // Not the promise itself, which would be waited for here.
    return { clicked };
  }, patienceMs);
  await page.mouse.down();
  await page.mouse.up();
  return shown.evaluate(({ clicked }) => clicked);
}

const patienceMs = 10_000;

/** A hand needs at least this long from the edge of a link to the click. */
const handMs = 120;

async function listOnScreen(): Promise<BenchResult> {
  const engine = await startDocker();
  await loadManyImages(engine.docker, 500);
  const app = await startApp({ engine: engine.host });
  const browser = await launchBrowser();
  try {
    const { page } = await visit(browser, app.url);
    await page.getByRole("link", { name: "Networks" }).click();
    const shown = await medianOf(7, async () => {
      // A page that was just loaded has neither the list nor the code of its screen.
      await page.reload();
      await page.getByRole("table", { name: "Networks" }).waitFor();
      await page.mouse.move(640, 400);
      await page.waitForTimeout(1_000);
      await page.getByRole("link", { name: "Images" }).hover();
      await page.waitForTimeout(handMs);
      const ms = await clickToRows(page);
      await page.getByRole("link", { name: "Networks" }).click();
      return ms;
    });
    const cli = await medianOf(7, () => timed(() => engine.docker("images")));
    const note = `${round(shown)} ms from the click against ${round(cli)} ms`;
    return { value: round(shown / cli), unit: "x docker images", holds: shown <= 1.5 * cli, note };
  } finally {
    await browser.close();
    await app.stop();
    await engine.stop();
  }
}

async function pull(): Promise<BenchResult> {
  return withApp(async (place) => {
    const { engine, client } = place;
    const registry = await startRegistry();
    const name = `${registry.address}/bench:1`;
    await makeImage(place, name, 100);
    await engine.docker("push", "-q", name);
    const ours: number[] = [];
    const cli: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await engine.docker("rmi", name);
      ours.push(await timed(async () => ended(client, (await client.images.pull({ reference: name })).taskId)));
      await engine.docker("rmi", name);
      cli.push(await timed(() => engine.docker("pull", "-q", name)));
    }
    await registry.stop();
    const ratio = median(ours) / median(cli);
    const note = `${round(median(ours))} ms against ${round(median(cli))} ms`;
    return { value: round(ratio), unit: "x docker pull", holds: ratio <= 1.1, note };
  });
}

async function save(): Promise<BenchResult> {
  return withApp(async (place) => {
    const { engine, client, folder } = place;
    await makeImage(place, "bench:1", 200);
    const ours: number[] = [];
    const cli: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const path = join(folder, `ours-${turn}.tar`);
      ours.push(
        await timed(async () => ended(client, (await client.images.save({ references: ["bench:1"], path })).taskId)),
      );
      cli.push(await timed(() => engine.docker("save", "-o", join(folder, `cli-${turn}.tar`), "bench:1")));
    }
    const ratio = median(cli) / median(ours);
    const note = `${round(median(ours))} ms against ${round(median(cli))} ms`;
    return { value: round(ratio), unit: "x the speed of docker save", holds: ratio >= 0.8, note };
  });
}

async function files(): Promise<BenchResult> {
  return withApp(async (place) => {
    const { engine, client } = place;
    await makeImage(place, "bench:1", 1024);
    const { id } = await client.images.inspect({ id: "bench:1" });
    const open = async (): Promise<void> => {
      for await (const state of client.images.readFiles({ id })) if (state.status === "ready") break;
      await client.images.listFiles({ id, path: "/" });
    };
    const tar = await timed(() => run("docker", ["-H", engine.host, "save", "bench:1"]));
    const first = await timed(open);
    const again = await medianOf(5, () => timed(open));
    const note = `${round(first)} ms against ${round(tar)} ms for its tar; ${round(again)} ms the second time`;
    return { value: round(first / tar), unit: "x reading the tar", holds: first <= 2 * tar && again <= 200, note };
  });
}

export const benches: readonly Bench[] = [
  { id: "images-list", goal: "500 images on screen ≤ 1.5x docker images", run: listOnScreen },
  { id: "images-pull", goal: "pull ≤ 1.1x docker pull", run: pull },
  { id: "images-save", goal: "save ≥ 0.8x docker save", run: save },
  { id: "images-files", goal: "first folder of 1 GiB ≤ 2x reading the tar; ≤ 200 ms again", run: files },
];

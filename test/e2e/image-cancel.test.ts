import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { type DockerCli, dockerCli } from "../fixtures/docker-cli.ts";
import { startRegistry, type TestRegistry } from "../fixtures/registry.ts";
import { windowsOf } from "../fixtures/screen.ts";
import { type SlowLink, startSlowLink } from "../fixtures/slow-link.ts";

const run = promisify(execFile);
/** Enough for manifests and logins, too little for a layer. */
const fastBytes = 200_000;

let docker: DockerCli;
let registry: TestRegistry;
let link: SlowLink;
let browser: Browser;
let app: App;
let visitor: Visit;
let page: Page;
let folder: string;
/** Where dockerd puts what it downloads and saves. */
let engineTemp: string;

beforeAll(async () => {
  docker = dockerCli(inject("dockerHost"));
  engineTemp = join(dirname(new URL(inject("dockerHost")).pathname), "data", "tmp");
  folder = mkdtempSync(join(tmpdir(), "longshore-cancel-"));
  [registry, browser] = await Promise.all([startRegistry(), launchBrowser()]);
  link = await startSlowLink(registry.address, fastBytes);
  await run("dd", ["if=/dev/urandom", `of=${join(folder, "data")}`, "bs=1M", "count=4"]);
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY data /data\n");
  writeFileSync(join(folder, ".dockerignore"), "home\n");
  await docker("build", "-q", "-t", "half:1", folder);
  app = await startApp({ engine: inject("dockerHost"), home: join(folder, "home"), env: { DOCKER_CONFIG: folder } });
  visitor = await visit(browser, app.url);
  ({ page } = visitor);
});
afterAll(async () => {
  await app?.stop();
  await browser?.close();
  link?.stop();
  await registry?.stop();
  await docker("rmi", "-f", "half:1", "big:1", `${link?.address}/other:1`).catch(() => {});
  await docker("builder", "prune", "-af");
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await page.getByRole("link", { name: "Images", exact: true }).click();
  await page.getByRole("searchbox").fill("");
  await page.getByRole("table", { name: "Images" }).waitFor();
});

const inDialog = () => windowsOf(page, "dialog").last();
const tasks = () => page.getByRole("list", { name: "Tasks" });

async function openTasks(): Promise<void> {
  await page.getByRole("contentinfo", { name: "Status" }).getByRole("button", { name: /task/i }).click();
  await tasks().waitFor();
}

/** Cancels a task in the open list, and waits until it says that it has stopped. */
async function cancel(name: string): Promise<void> {
  const task = tasks().getByRole("listitem", { name, exact: true }).first();
  await task.getByRole("button", { name: `Cancel ${name}` }).click();
  await task.getByText("Cancelled", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
}

async function rowAction(name: string, verb: string): Promise<void> {
  await page.getByRole("searchbox").fill(name);
  const row = page.getByRole("row").filter({ has: page.getByRole("button", { name: `${verb} ${name}`, exact: true }) });
  await row.hover();
  await row.getByRole("button", { name: `${verb} ${name}`, exact: true }).click();
}

/** An image of one layer with the file `data`, which the command makes. */
async function importFile(name: string, [command = "", ...args]: readonly string[]): Promise<void> {
  const cwd = mkdtempSync(join(tmpdir(), "longshore-layer-"));
  await run(command, args, { cwd });
  await run("sh", ["-c", `tar -c data | docker -H ${inject("dockerHost")} import - ${name}`], { cwd });
  rmSync(cwd, { recursive: true });
}

const halfMade = (): string[] => readdirSync(engineTemp).filter((name) => /^(GetImageBlob|docker-)/.test(name));

test("a pull cancelled in a layer: the engine hangs up and keeps nothing, and the next pull has it all", async () => {
  const reference = `${link.address}/half:1`;
  await docker("tag", "half:1", `${registry.address}/half:1`);
  await docker("push", "-q", `${registry.address}/half:1`);
  const id = await docker("images", "-q", "half:1");
  await docker("rmi", `${registry.address}/half:1`, "half:1");
  const pull = async (): Promise<void> => {
    await page.getByRole("button", { name: "Pull", exact: true }).first().click();
    await inDialog().getByRole("textbox", { name: "Image", exact: true }).fill(reference);
    await inDialog().getByRole("button", { name: "Pull", exact: true }).click();
  };
  await pull();
  await openTasks();
  const layers = tasks().getByRole("list", { name: `Parts of Pull ${reference}` });
  await layers.getByText(/Downloading/).waitFor();
  await expect.poll(link.slowed).toBeGreaterThan(0);
  await expect.poll(halfMade).not.toEqual([]);
  await cancel(`Pull ${reference}`);
  await expect.poll(link.slowed).toBe(0);
  await expect.poll(halfMade).toEqual([]);
  expect(await docker("images", "-q", reference)).toBe("");
  link.release();
  await pull();
  await page.getByText(`Pulled ${reference}.`).first().waitFor();
  expect(await docker("images", "-q", reference)).toBe(id);
  await docker("tag", reference, "half:1");
});

test("a push cancelled in a layer: the engine hangs up, and the registry has no such tag", async () => {
  link.stop();
  link = await startSlowLink(registry.address, fastBytes, { holdsSender: true });
  const reference = `${link.address}/other:1`;
  await importFile("big:1", ["dd", "if=/dev/urandom", "bs=1M", "count=32", "of=data"]);
  await docker("tag", "big:1", reference);
  await rowAction(reference, "Push");
  await inDialog().getByRole("button", { name: "Push", exact: true }).click();
  await openTasks();
  await tasks()
    .getByRole("list", { name: `Parts of Push ${reference}` })
    .getByText(/Pushing/)
    .waitFor();
  await expect.poll(link.slowed).toBeGreaterThan(0);
  await cancel(`Push ${reference}`);
  await expect.poll(link.slowed).toBe(0);
  expect((await fetch(`http://${registry.address}/v2/other/manifests/1`)).status).toBe(404);
  link.release();
  await rowAction(reference, "Push");
  await inDialog().getByRole("button", { name: "Push", exact: true }).click();
  await page.getByText(`Pushed ${reference}.`).first().waitFor();
  expect((await fetch(`http://${registry.address}/v2/other/manifests/1`)).status).toBe(200);
});

test("a save cancelled while it writes: no file, and the engine's copy is gone", async () => {
  await importFile("zeros:1", ["truncate", "-s", "600M", "data"]);
  try {
    const path = join(folder, "zeros.tar");
    const partial = join(folder, ".zeros.tar.partial");
    await page.getByRole("searchbox").fill("zeros:1");
    await page.getByRole("row").filter({ hasText: "zeros" }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Save zeros:1" }).click();
    await inDialog().getByRole("textbox", { name: "File" }).fill(path);
    await inDialog().getByRole("button", { name: "Save", exact: true }).click();
    await openTasks();
    await expect
      .poll(() => statSync(partial, { throwIfNoEntry: false })?.size ?? 0, { interval: 20 })
      .toBeGreaterThan(0);
    expect(halfMade()).not.toEqual([]);
    await cancel("Save zeros:1");
    expect(readdirSync(folder).filter((name) => name.includes("zeros"))).toEqual([]);
    await expect.poll(halfMade).toEqual([]);
  } finally {
    await docker("rmi", "zeros:1");
  }
});

test("a build cancelled in a step: the step's process ends, no image is made, and its page says so", async () => {
  const marker = `29${Math.floor(Math.random() * 1e6)}`;
  const sleeping = async (): Promise<string> =>
    (await run("pgrep", ["-f", `^sleep ${marker}`]).catch(() => ({ stdout: "" }))).stdout;
  writeFileSync(join(folder, "Dockerfile"), `FROM busybox:test\nRUN sleep ${marker}\n`);
  await page.getByRole("link", { name: "Builds", exact: true }).click();
  await page.getByRole("button", { name: "Build", exact: true }).first().click();
  await inDialog().getByRole("textbox", { name: "Folder" }).fill(folder);
  await inDialog()
    .getByText(/^Sends \d+ files?/)
    .waitFor();
  await inDialog().getByRole("textbox", { name: "Tags" }).fill("never:1");
  await inDialog().getByRole("button", { name: "Build", exact: true }).click();
  await expect.poll(sleeping).not.toBe("");
  await page.getByRole("button", { name: "Cancel never:1" }).click();
  await page.getByText("Cancelled", { exact: true }).first().waitFor();
  await expect.poll(sleeping).toBe("");
  expect(await docker("images", "-q", "never:1")).toBe("");
  expect(visitor.problems).toEqual([]);
});

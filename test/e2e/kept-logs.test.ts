import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";

const docker = dockerCli(inject("dockerHost"));

let home: string;
let app: App;
let browser: Browser;
let open: Visit;
let page: Page;

async function start(): Promise<void> {
  app = await startApp({ engine: inject("dockerHost"), home });
  open = await visit(browser, app.url);
  page = open.page;
  await page.getByRole("heading", { level: 1, name: "Containers" }).waitFor();
}

/** Without a network, so that Chromium sees no cards come and go. */
function run(name: string, script: string): Promise<string> {
  return docker("run", "-d", "--net=none", "--name", name, "busybox:test", "sh", "-c", script);
}

async function removeContainers(): Promise<void> {
  const ids = await docker("ps", "-aq");
  if (ids) await docker("rm", "-f", ...ids.split("\n"));
}

beforeAll(async () => {
  [home, browser] = await Promise.all([mkdtemp(join(tmpdir(), "longshore-home-")), launchBrowser()]);
  await start();
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await removeContainers();
  await rm(home, { recursive: true, force: true });
});

/** Opens the log of a container that is there, and waits for a line. */
async function read(name: string, line: string): Promise<void> {
  await page.getByRole("link", { name: "Containers", exact: true }).click();
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("tab", { name: "Logs" }).click();
  await page.getByText(line, { exact: true }).waitFor();
}

const log = () => page.getByLabel(/^Log of /).first();

test("lines of a container that was recreated and removed are there, with a divider between its lives", async () => {
  await run("shop", "echo the first life; sleep 6000");
  await read("shop", "the first life");
  await docker("rm", "-f", "shop");
  await page
    .getByText(/removed/i)
    .first()
    .waitFor();
  await run("shop", "echo the second life; sleep 6000");
  await read("shop", "the second life");
  await page.getByText("the first life", { exact: true }).waitFor();
  await docker("rm", "-f", "shop");
  await page.getByRole("link", { name: "Containers", exact: true }).click();
  await page.getByRole("button", { name: "Past containers and their logs" }).click();
  const row = page.getByRole("row").filter({ hasText: "shop" });
  await row.waitFor();
  await row.getByRole("link", { name: "shop", exact: true }).click();
  await page.getByText("the first life", { exact: true }).waitFor();
  await page.getByText("the second life", { exact: true }).waitFor();
  await log()
    .getByText(/another container|new container|generation/i)
    .first()
    .waitFor();
  expect(open.problems).toEqual([]);
});

test("after the app was killed and started again they are still there, and found", async () => {
  await app.kill();
  await open.close();
  await start();
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder(/Go to a screen/).fill("past containers");
  await page.getByRole("option", { name: "Past containers" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Past containers" }).waitFor();
  await page.getByRole("button", { name: "Search in all" }).click();
  await page.getByLabel("Text to find in all kept logs").fill("LIFE");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Search in kept logs" });
  await dialog.getByText("2 lines in 1 name").waitFor();
  await dialog.getByText("the second life").waitFor();
  await dialog.getByRole("link", { name: "shop" }).click();
  await page.getByText("the first life", { exact: true }).waitFor();
  await page.getByText("the second life", { exact: true }).waitFor();
});

test("deleting says what goes, and then it is gone", async () => {
  await page.goto(`${new URL(app.url).origin}/#/logs/past`);
  const row = page.getByRole("row").filter({ hasText: "shop" });
  await row.hover();
  await row.getByRole("button", { name: "Delete shop" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Delete the kept log of shop" });
  expect(await dialog.getByRole("list", { name: "What goes" }).textContent()).toContain("busybox:test");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByText("No logs are kept yet").waitFor();
  await page.reload();
  await page.getByText("No logs are kept yet").waitFor();
});

test("disk and memory for logs are set, and taking disk away says what it deletes", async () => {
  await run("again", "echo once more; sleep 6000");
  await read("again", "once more");
  await docker("rm", "-f", "again");
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  const choose = async (label: string, option: string): Promise<void> => {
    await page.getByRole("combobox", { name: label }).click();
    await page.getByRole("option", { name: option }).click();
  };
  await choose("Memory for open logs", "1 GiB");
  await page.getByRole("switch", { name: "Keep the logs of all running containers" }).click();
  await page.getByText(/[1-9][\d.]*\sk?B are in use/).waitFor();
  await choose("Disk for kept logs", "Keep nothing");
  const dialog = page.getByRole("alertdialog", { name: "Keep no logs" });
  await dialog.getByText(/All kept lines of 1 name/).waitFor();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("link", { name: "Past containers and their logs" }).click();
  await page.getByRole("heading", { level: 1, name: "Past containers" }).waitFor();
  await page.getByText("Kept logs are switched off").waitFor();
});

import { rename, rm } from "node:fs/promises";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { type DockerEngine, startDocker } from "../fixtures/docker-engine.ts";

// An engine of its own: what is done to it here would disturb every other suite.
let engine: DockerEngine;
let app: App;
let browser: Browser;
let open: Visit;
let page: Page;

beforeAll(async () => {
  engine = await startDocker();
  await engine.docker("run", "-d", "--name", "steady", "busybox:test", "sleep", "6000");
  await engine.docker("create", "--name", "idle", "busybox:test");
  [app, browser] = await Promise.all([startApp({ engine: engine.host }), launchBrowser()]);
  open = await visit(browser, app.url);
  page = open.page;
  await rows().nth(1).waitFor();
}, 90_000);
afterAll(async () => {
  await browser.close();
  await app.stop();
  await engine.stop();
}, 60_000);
afterEach(() => {
  expect(open.problems.splice(0)).toEqual([]);
});

function rows(): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name: /^(steady|idle)$/ }) });
}

function status(): Locator {
  return page
    .getByRole("contentinfo")
    .or(page.getByRole("region", { name: "Status" }))
    .first();
}

async function expectStale(words: RegExp, within: number): Promise<void> {
  await page
    .getByRole("status")
    .or(page.getByRole("alert"))
    .filter({ hasText: words })
    .first()
    .waitFor({ timeout: within });
  // What was known stays on the screen, and nothing can be done to it.
  expect(await rows().count()).toBe(2);
  await rows().first().hover();
  const action = page.getByRole("button", { name: /^(Stop steady|Start idle)$/ }).first();
  expect((await action.getAttribute("aria-disabled")) === "true" || (await action.isDisabled())).toBe(true);
}

async function expectBack(within: number): Promise<void> {
  await status().getByText("Connected").waitFor({ timeout: within });
  await expect.poll(() => rows().count()).toBe(2);
  await expect.poll(() => page.getByText(/actions are off/).count()).toBe(0);
}

test("killed with -9, it is said within 2 s; restarted, the list comes back without duplicates", async () => {
  await engine.kill("SIGKILL");
  await expectStale(/No engine is connected/, 2000);
  await engine.restart();
  await expectBack(15_000);
});

test("stopped with SIGSTOP, it is said within 5 s; continued, it recovers", async () => {
  await engine.kill("SIGSTOP");
  try {
    await expectStale(/does not answer/, 8000);
  } finally {
    await engine.kill("SIGCONT");
  }
  await expectBack(15_000);
});

test("an action under way while the engine hangs ends with words, and the app goes on", async () => {
  await rows().first().waitFor();
  await engine.kill("SIGSTOP");
  try {
    await page.getByRole("button", { name: "Start idle", exact: true }).click({ timeout: 2000 });
    await page
      .getByText(/does not answer|not started/)
      .first()
      .waitFor({ timeout: 40_000 });
  } finally {
    await engine.kill("SIGCONT");
  }
  await expectBack(20_000);
});

test("with its socket removed and another made, the list is that of the new one", async () => {
  await rename(engine.socket, `${engine.socket}.away`);
  await engine.kill("SIGKILL");
  await expectStale(/No engine is connected/, 2000);
  await page.getByText(engine.socket).first().waitFor();
  await rm(`${engine.socket}.away`);
  await engine.restart();
  await expectBack(15_000);
});

test("what happened while it was away is on the screen afterwards", async () => {
  await engine.kill("SIGKILL");
  await expectStale(/No engine is connected/, 2000);
  await engine.restart();
  await engine.docker("rm", "-f", "idle");
  await expect.poll(() => rows().count(), { timeout: 15_000 }).toBe(1);
});

test("when Longshore's own process dies, the page says so", async () => {
  await app.kill();
  await page.getByText("Longshore's own process does not answer").first().waitFor({ timeout: 5000 });
  // Its attempts to reconnect are reported by the browser until it leaves.
  await page.goto("about:blank");
  open.problems.splice(0);
  app = await startApp({ engine: engine.host });
});

import { rename, rm } from "node:fs/promises";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { violations } from "../fixtures/axe.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { Delays } from "../fixtures/delays.ts";
import { type DockerEngine, startDocker } from "../fixtures/docker-engine.ts";

// An engine of its own: what is done to it here would disturb every other suite.
let engine: DockerEngine;
let app: App;
let browser: Browser;
let open: Visit;
let page: Page;

beforeAll(async () => {
  engine = await startDocker();
  // An engine that starts again first stops what ran; this one goes at once.
  await engine.docker("run", "-d", "--name", "steady", "--stop-signal", "KILL", "busybox:test", "sleep", "6000");
  await engine.docker("create", "--name", "idle", "busybox:test");
  [app, browser] = await Promise.all([startApp({ engine: engine.host }), launchBrowser()]);
  open = await visit(browser, app.url);
  page = open.page;
  await rows().nth(1).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await engine?.stop();
});
afterEach(() => {
  expect(open.problems.splice(0)).toEqual([]);
});

function rows(): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link") });
}

function names(): Promise<string[]> {
  return rows().getByRole("link").allTextContents();
}

function banner(words: RegExp): Locator {
  return page.getByRole("status").or(page.getByRole("alert")).filter({ hasText: words }).first();
}

/** What was known stays on the screen, in grey, and nothing can be done to it. */
async function expectOutdated(expected = ["idle", "steady"]): Promise<void> {
  await banner(/What you see is from before/).waitFor();
  expect((await names()).sort()).toEqual(expected);
  const filter = (): Promise<string> =>
    page.getByRole("table").evaluate((table) => getComputedStyle(table.parentElement ?? table).filter);
  await expect.poll(filter).toBe("grayscale(1)");
  for (const action of ["Start idle", "Remove steady"])
    if (expected.includes(action.split(" ")[1] ?? "")) await expectOff(action);
}

async function expectOff(action: string): Promise<void> {
  const button = page.getByRole("button", { name: action, exact: true });
  await expect.poll(() => button.getAttribute("aria-disabled")).toBe("true");
}

async function expectBack(expected = ["idle", "steady"]): Promise<void> {
  const status = page.getByRole("contentinfo", { name: "Status" });
  await status.getByText("Connected", { exact: true }).waitFor();
  await expect.poll(async () => (await names()).sort()).toEqual(expected);
  await expect.poll(() => page.getByText("What you see is from before").count()).toBe(0);
  await page
    .getByRole("button", { name: `Remove ${expected.at(-1)}`, exact: true })
    .and(page.locator(":not([aria-disabled='true'])"))
    .waitFor();
}

/** From a fault to the word about it. */
const untilGone = new Delays();
const untilSilent = new Delays();

/** Presses a button of a row while the engine hangs, before that is noticed: by a key, which needs no moment more. */
async function pressWhileItHangs(action: string): Promise<void> {
  await page.getByRole("button", { name: action, exact: true }).focus();
  await engine.kill("SIGSTOP");
  await page.keyboard.press("Enter");
}

test("killed with -9, it is said within 2 s; restarted, the list comes back without duplicates", async () => {
  const killed = engine.kill("SIGKILL");
  await untilGone.of(banner(/No engine is connected/).waitFor());
  await expectOutdated();
  await killed;
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page)).toEqual([]);
  }
  await engine.restart();
  await expectBack();
});

test("stopped with SIGSTOP, it is said within 5 s; continued, it recovers", async () => {
  await engine.kill("SIGSTOP");
  try {
    await untilSilent.of(banner(/The engine does not answer/).waitFor());
    await expectOutdated();
  } finally {
    await engine.kill("SIGCONT");
  }
  await expectBack();
});

test("an action under way while the engine hangs is not lost, and the app goes on", async () => {
  try {
    await pressWhileItHangs("Start idle");
    await page.getByRole("row").filter({ hasText: "idle" }).getByText("Starting").waitFor();
    await untilSilent.of(banner(/The engine does not answer/).waitFor());
  } finally {
    await engine.kill("SIGCONT");
  }
  await expectBack();
  const exits = (): Promise<string> => engine.docker("inspect", "--format", "{{.State.Status}}", "idle");
  await expect.poll(exits).toBe("exited");
  await page
    .getByRole("row")
    .filter({ hasText: "idle" })
    .getByText(/Exited/)
    .waitFor();
});

test("with the engine killed in the middle of an action, one message says so in place", async () => {
  await pressWhileItHangs("Restart steady");
  await page.getByRole("row").filter({ hasText: "steady" }).getByText("Restarting").waitFor();
  await engine.kill("SIGKILL");
  const message = page.getByRole("region", { name: "Notifications" }).getByText("steady was not restarted");
  await message.waitFor();
  expect(await message.count()).toBe(1);
  await expectOutdated();
  await engine.restart();
  // A container does not outlive its engine's death: it has to be started again.
  await engine.docker("start", "steady");
  await expectBack();
  await page.getByRole("row").filter({ hasText: "steady" }).getByText("Running").waitFor();
});

test("with its socket removed and another made, it is said with the path, and the list is that of the new one", async () => {
  await rename(engine.socket, `${engine.socket}.away`);
  await untilGone.of(banner(/No engine is connected/).waitFor());
  await banner(new RegExp(engine.socket)).waitFor();
  await expectOutdated();
  await engine.restart();
  await rm(`${engine.socket}.away`, { force: true });
  await expectBack();
});

test("a container's page goes through the same, and is live again afterwards", async () => {
  await page.getByRole("link", { name: "steady", exact: true }).click();
  await page.getByRole("tab", { name: "Overview" }).waitFor();
  await engine.docker("start", "steady");
  const stop = page.getByRole("button", { name: "Stop steady", exact: true });
  await stop.waitFor();
  const killed = engine.kill("SIGKILL");
  await untilGone.of(banner(/No engine is connected/).waitFor());
  await expectOff("Restart steady");
  await page.getByRole("heading", { level: 1, name: "steady" }).waitFor();
  await killed;
  await engine.restart();
  await page.getByRole("button", { name: "Start steady", exact: true }).click();
  await stop.waitFor();
  await page.getByRole("link", { name: "Containers", exact: true }).click();
});

test("what happened while it was away is on the screen afterwards", async () => {
  await engine.kill("SIGKILL");
  await untilGone.of(banner(/No engine is connected/).waitFor());
  await engine.restart();
  await engine.docker("rm", "-f", "idle");
  await expectBack(["steady"]);
});

test("when Longshore's own process dies, the page says so", async () => {
  await app.kill();
  await banner(/Longshore's own process does not answer/).waitFor();
  // Its attempts to reconnect are reported by the browser until it leaves.
  await page.goto("about:blank");
  open.problems.splice(0);
  app = await startApp({ engine: engine.host });
});

test("it was said in time", () => {
  expect(untilGone.leastMs).toBeLessThan(2_000);
  expect(untilSilent.leastMs).toBeLessThan(5_000);
});

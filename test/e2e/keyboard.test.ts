import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";

const docker = dockerCli(inject("dockerHost"));

let app: App;
let browser: Browser;
let open: Visit;
let page: Page;

beforeAll(async () => {
  await docker(
    "run",
    "-d",
    "--name",
    "keys",
    "busybox:test",
    "sh",
    "-c",
    "trap exit TERM; while :; do sleep 0.1; done",
  );
  [app, browser] = await Promise.all([startApp({ engine: inject("dockerHost") }), launchBrowser()]);
  open = await visit(browser, app.url);
  page = open.page;
  await page.getByRole("link", { name: "keys" }).waitFor();
}, 60_000);
afterAll(async () => {
  await browser.close();
  await app.stop();
  const ids = await docker("ps", "-aq");
  if (ids) await docker("rm", "-f", ...ids.split("\n"));
});

function status(name: string): Promise<string> {
  return docker("inspect", "--format", "{{.State.Status}}", name).catch(() => "");
}

/** Presses Tab until what has the focus is called so. */
async function tabTo(name: string | RegExp, key = "Tab"): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press(key);
    const focused = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute("aria-label") ?? activeElement?.textContent ?? "";
    });
    if (typeof name === "string" ? focused.trim() === name : name.test(focused)) return;
  }
  throw new Error(`Tab never reached ${name}`);
}

test("a container is stopped and started with the keys alone", async () => {
  await tabTo("Stop keys");
  await page.keyboard.press("Enter");
  await expect.poll(() => status("keys"), { timeout: 15_000 }).toBe("exited");
  await page.keyboard.press("/");
  await tabTo("Start keys");
  await page.keyboard.press("Space");
  await expect.poll(() => status("keys"), { timeout: 15_000 }).toBe("running");
});

test("/ leads to the search, Escape clears it", async () => {
  await page.keyboard.press("/");
  await page.keyboard.type("zzz");
  await page.getByText("Nothing matches").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "keys" }).waitFor();
});

test("arrows move between rows, Enter opens one, Alt+Left comes back", async () => {
  await page.getByRole("row").nth(1).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "Overview" }).waitFor();
  await page.keyboard.press("Alt+ArrowLeft");
  await page.getByRole("heading", { level: 1, name: "Containers" }).waitFor();
});

test("tabs move with the arrows and are in the address", async () => {
  await page.getByRole("link", { name: "keys", exact: true }).click();
  await page.getByRole("tab", { name: "Overview" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.getByRole("tab", { name: "Logs" }).getAttribute("aria-selected")).toBe("true");
  expect(page.url()).toMatch(/logs/);
  await page.reload();
  await page.getByRole("tab", { name: "Logs", selected: true }).waitFor();
  await page.getByRole("link", { name: "Containers", exact: true }).click();
});

test("a removal starts on Cancel, Enter does not destroy, Escape cancels, and focus comes back", async () => {
  await page.getByRole("row").filter({ hasText: "keys" }).hover();
  const opener = page.getByRole("button", { name: "Remove keys" });
  await opener.click();
  const dialog = page
    .getByRole("alertdialog", { name: "Remove keys" })
    .or(page.getByRole("dialog", { name: "Remove keys" }));
  await dialog.waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  expect(await status("keys")).toBe("running");
  await opener.click();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await status("keys")).toBe("running");
});

test("the palette leads to screens and containers", async () => {
  await docker("create", "--name", "zebra", "busybox:test");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Command palette" }).waitFor();
  await page.keyboard.type("networks");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Networks" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Command palette" }).waitFor();
  await page.keyboard.type("zebra");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "Overview" }).waitFor();
  expect(open.problems).toEqual([]);
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { type Keys, keysOf } from "../fixtures/keys.ts";

const docker = dockerCli(inject("dockerHost"));

let app: App;
let browser: Browser;
let open: Visit;
let page: Page;
let keys: Keys;

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
  keys = keysOf(page);
  await page.getByRole("link", { name: "keys", exact: true }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
  const ids = await docker("ps", "-aq");
  if (ids) await docker("rm", "-f", ...ids.split("\n"));
});

function status(name: string): Promise<string> {
  return docker("inspect", "--format", "{{.State.Status}}", name).catch(() => "");
}

test("a container is stopped and started with the keys alone", async () => {
  await keys.press(/^Stop keys$/);
  await expect.poll(() => status("keys")).toBe("exited");
  await keys.search("");
  await keys.press(/^Start keys$/, "Space");
  await expect.poll(() => status("keys")).toBe("running");
});

/** Presses a row's button by its keys alone, from the search on. */
async function press(name: string): Promise<void> {
  await keys.search("");
  await keys.press(new RegExp(`^${name}$`));
}

test("it is paused, unpaused, restarted, killed, renamed and removed with the keys alone", async () => {
  const startedAt = (): Promise<string> => docker("inspect", "--format", "{{.State.StartedAt}}", "keys");
  await press("Pause keys");
  await expect.poll(() => status("keys")).toBe("paused");
  await press("Unpause keys");
  await expect.poll(() => status("keys")).toBe("running");
  const before = await startedAt();
  await press("Restart keys");
  await expect.poll(startedAt).not.toBe(before);
  await press("Kill keys");
  await page.getByRole("alertdialog", { name: "Kill keys" }).waitFor();
  await keys.inDialog();
  await keys.press(/^Kill$/);
  await expect.poll(() => status("keys")).toBe("exited");
  await press("Rename keys");
  await keys.focused(page.getByRole("dialog", { name: "Rename keys" }).getByRole("textbox"));
  await keys.type("renamed-by-keys");
  await page.keyboard.press("Enter");
  await expect.poll(() => status("renamed-by-keys")).toBe("exited");
  await page.getByRole("link", { name: "renamed-by-keys", exact: true }).waitFor();
  await press("Remove renamed-by-keys");
  await page.getByRole("alertdialog", { name: "Remove renamed-by-keys" }).waitFor();
  await keys.inDialog();
  await keys.press(/^Remove$/);
  await expect.poll(() => status("renamed-by-keys")).toBe("");
  await page.getByRole("link", { name: "renamed-by-keys" }).waitFor({ state: "detached" });
});

test("one is created with the keys alone, and the first field has the focus", async () => {
  await press("Create container");
  await keys.focused(page.getByRole("dialog", { name: "Create container" }).getByLabel("Image"));
  await page.keyboard.type("busybox:test");
  await page.keyboard.press("Tab");
  await page.keyboard.type("keys");
  await page.keyboard.press("Tab");
  await page.keyboard.type(`sh -c "trap exit TERM; while :; do sleep 0.1; done"`);
  await page.keyboard.press("Enter");
  await expect.poll(() => status("keys")).toBe("running");
  await page.getByRole("link", { name: "keys", exact: true }).waitFor();
});

test("a row's menu, a selection and the columns are reached with the keys alone", async () => {
  await keys.search("");
  await page.keyboard.press("ArrowDown");
  const row = page.getByRole("row").nth(1);
  await keys.focused(row);
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Stop keys", exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  await keys.focused(row);
  await page.keyboard.press("Space");
  await page.getByRole("row", { selected: true }).waitFor();
  await page.keyboard.press("Escape");
  await press("Columns");
  await keys.pick(page.getByRole("menuitemcheckbox", { name: "Networks" }));
  await page.keyboard.press("Escape");
  await page.getByRole("columnheader", { name: "Networks" }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Columns");
});

test("/ leads to the search, Escape clears it", async () => {
  await page.keyboard.press("/");
  await keys.focused(page.getByRole("searchbox"));
  await page.keyboard.type("zzz");
  await page.getByText("Nothing matches").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "keys", exact: true }).waitFor();
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
  const opener = page.getByRole("button", { name: "Remove keys", exact: true });
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
  await keys.focused(dialog);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await status("keys")).toBe("running");
  await keys.focused(opener);
});

test("the palette leads to screens and containers", async () => {
  await docker("create", "--name", "zebra", "busybox:test");
  /** What Enter will run. */
  const option = (text: string) =>
    page.getByRole("option").and(page.locator("[data-highlighted]")).filter({ hasText: text });
  await page.keyboard.press("Control+k");
  await keys.focused(page.getByRole("dialog", { name: "Command palette" }));
  await page.keyboard.type("networks");
  await option("Networks").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Networks" }).waitFor();
  await page.keyboard.press("Control+k");
  await keys.focused(page.getByRole("dialog", { name: "Command palette" }));
  await page.keyboard.type("zebra");
  await option("zebra").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "zebra", exact: true }).waitFor();
  expect(open.problems).toEqual([]);
});

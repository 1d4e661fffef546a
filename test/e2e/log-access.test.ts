import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { violations } from "../fixtures/axe.ts";
import { keysOf } from "../fixtures/keys.ts";
import { LogPage } from "../fixtures/log-page.ts";
import { windowsOf } from "../fixtures/screen.ts";

let log: LogPage;

beforeAll(async () => {
  log = await LogPage.start(inject("dockerHost"));
});
afterAll(() => log?.stop());

test("a timeline without containers has no violation", async () => {
  await log.goTo("/logs");
  await log.page.getByText("No container is running").first().waitFor();
  expect(await violations(log.page)).toEqual([]);
  await log.run("left", "echo INFO on the left; echo ERROR >&2; sleep 6000");
  await log.run("right", "echo WARN on the right; sleep 6000");
  await log.ran("gone", "echo it was here");
  await log.show("gone");
  await log.page.getByText("it was here", { exact: true }).waitFor();
  await log.docker("rm", "-f", "gone");
});

describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
  test("one timeline, its list of containers and its dialogs have no violation", async () => {
    const { page } = log;
    await page.emulateMedia({ colorScheme });
    await log.goTo("/logs");
    await page.getByText("WARN on the right", { exact: true }).waitFor();
    await page.getByRole("img", { name: /^Lines over time\. \d+ lines/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: /^Choose containers/ }).click();
    await page.getByRole("checkbox", { name: /left/ }).waitFor();
    expect(await violations(page, "[role=dialog]")).toEqual([]);
    await page.keyboard.press("Escape");
    for (const [item, dialog] of [
      ["Download…", "Download the log"],
      ["Log sizes…", "Log sizes"],
    ] as const) {
      await page.getByRole("button", { name: "More", exact: true }).click();
      await page.getByRole("menuitem", { name: item }).click();
      await page.getByRole("dialog", { name: dialog }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog", { name: dialog }).waitFor({ state: "detached" });
    }
  });

  test("past containers, the search in them and the question before a deletion have no violation", async () => {
    const { page } = log;
    await log.goTo("/logs/past");
    const row = page.getByRole("row").filter({ hasText: "gone" });
    await row.waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Search in all" }).click();
    await page.getByLabel("Text to find in all kept logs").fill("here");
    await page.keyboard.press("Enter");
    await windowsOf(page, "dialog").getByText("1 line in 1 name").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await windowsOf(page, "dialog").waitFor({ state: "detached" });
    await row.hover();
    await row.getByRole("button", { name: "Delete gone" }).click();
    await page.getByRole("alertdialog").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("alertdialog").waitFor({ state: "detached" });
    await row.getByRole("link", { name: "gone", exact: true }).click();
    await page.getByText("it was here", { exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

/** Presses Tab until an element has the focus. */
async function tabTo(goal: Locator): Promise<void> {
  const isThere = (): Promise<boolean> => goal.evaluate((element) => element === document.activeElement);
  await expect
    .poll(
      async () => {
        if (!(await isThere())) await log.page.keyboard.press("Tab");
        return await isThere();
      },
      { interval: 5 },
    )
    .toBe(true);
}

test("by keyboard alone: containers are chosen and hidden, lines gone through, the log downloaded", async () => {
  const { page } = log;
  await log.goTo("/logs");
  await page.getByText("WARN on the right", { exact: true }).waitFor();
  const button = (name: string | RegExp): Locator => page.getByRole("button", { name });
  await tabTo(button(/^Choose containers/));
  await page.keyboard.press("Enter");
  await tabTo(page.getByRole("checkbox", { name: /left/ }));
  await page.keyboard.press("Space");
  await button("Hide left").waitFor({ state: "detached" });
  await page.keyboard.press("Space");
  await button("Hide left").waitFor();
  await page.keyboard.press("Escape");
  await tabTo(button("Hide right"));
  await page.keyboard.press("Enter");
  await page.getByText("WARN on the right", { exact: true }).waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await page.getByText("WARN on the right", { exact: true }).waitFor();
  await tabTo(page.getByLabel("Logs of 2 containers"));
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Control+c");
  await expect.poll(() => log.clipboard()).toMatch(/on the right|on the left|ERROR/);
  await page.keyboard.press("Shift+Tab");
  await tabTo(page.getByRole("button", { name: "More", exact: true }));
  await page.keyboard.press("Enter");
  const keys = keysOf(page);
  await keys.focused(page.getByRole("menu"));
  await page.keyboard.press("d");
  await keys.focused(page.getByRole("menuitem", { name: "Download…" }));
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Download the log" }).waitFor();
  await keys.inDialog();
  const download = page.waitForEvent("download");
  await tabTo(page.getByRole("button", { name: "Download", exact: true }));
  await page.keyboard.press("Enter");
  await download;
  expect(log.open.problems).toEqual([]);
});

import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { violations } from "../fixtures/axe.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";

const docker = dockerCli(inject("dockerHost"));
/** What each screen shows once it is there, for an engine with two containers and nothing else of its own. */
const screens: readonly (readonly [name: string, shown: (page: Page) => Locator])[] = [
  ["Containers", (page) => page.getByRole("table", { name: "Containers" })],
  ["Images", (page) => page.getByRole("table", { name: "Images" })],
  ["Volumes", (page) => page.getByText("No volumes yet")],
  ["Networks", (page) => page.getByRole("table", { name: "Networks" })],
  ["Builds", (page) => page.getByText("No builds yet")],
  ["Registries", (page) => page.getByRole("list", { name: "Registries" })],
  ["Settings", (page) => page.getByRole("radiogroup").first()],
];
const tabs: readonly (readonly [name: string, shown: (page: Page) => Locator])[] = [
  ["Overview", (page) => page.getByRole("region", { name: "Environment" })],
  ["Logs", (page) => page.getByText("hello", { exact: true })],
  ["Inspect", (page) => page.getByText("busybox:test").last()],
];

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
  // The themes differ in colours alone, so all else is looked at once.
  const rules = colorScheme === "dark" ? ["color-contrast"] : undefined;

  async function expectClean(page: Page, part?: string): Promise<void> {
    expect(await violations(page, part, rules)).toEqual([]);
  }

  describe("with containers, empty of the rest", () => {
    let app: App;
    let open: Visit;
    let page: Page;

    beforeAll(async () => {
      await docker(
        "run",
        "-d",
        "--name",
        "alpha",
        "--env",
        "A=1",
        "--label",
        "l=1",
        "busybox:test",
        "sh",
        "-c",
        "echo hello; sleep 6000",
      );
      await docker("create", "--name", "beta", "--label", "com.docker.compose.project=shop", "busybox:test");
      app = await startApp({ engine: inject("dockerHost") });
      open = await visit(browser, app.url, { colorScheme });
      page = open.page;
      await page.getByRole("link", { name: "alpha", exact: true }).waitFor();
    });
    afterAll(async () => {
      await open?.close();
      await app?.stop();
      await docker("rm", "-f", "alpha", "beta");
    });

    test.each(screens)("%s has no violation", async (screen, shown) => {
      await page.getByRole("link", { name: screen, exact: true }).click();
      await page.getByRole("heading", { level: 1, name: screen }).waitFor();
      await shown(page).waitFor();
      await expectClean(page);
    });

    test.each(tabs)("the container's %s has no violation", async (tab, shown) => {
      await page.getByRole("link", { name: "Containers", exact: true }).click();
      await page.getByRole("link", { name: "alpha", exact: true }).click();
      await page.getByRole("tab", { name: tab }).click();
      await page.getByRole("tab", { name: tab, selected: true }).waitFor();
      await shown(page).waitFor();
      await expectClean(page);
    });

    test("dialogs, the palette and the list of shortcuts have no violation", async () => {
      await page.getByRole("link", { name: "Containers", exact: true }).click();
      await page.getByRole("button", { name: "Create container" }).first().click();
      await page.getByRole("dialog").waitFor();
      await expectClean(page);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
      await expectClean(page);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
      await expectClean(page);
      await page.keyboard.press("Escape");
    });

    test("menus, the list of tasks and the questions before a removal have no violation", async () => {
      await page.getByRole("link", { name: "Containers", exact: true }).click();
      await page.getByRole("row").filter({ hasText: "alpha" }).click({ button: "right" });
      await page.getByRole("menu").waitFor();
      await expectClean(page, "[role=menu]");
      // Who asks for less motion gets it also where a part has a motion of its own.
      expect(await page.getByRole("menu").evaluate((menu) => getComputedStyle(menu).transitionDuration)).toBe("0s");
      await page.getByRole("menuitem", { name: "Remove alpha", exact: true }).click();
      await page.getByRole("alertdialog", { name: "Remove alpha" }).waitFor();
      await expectClean(page);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Columns" }).click();
      await page.getByRole("menuitemcheckbox", { name: "Networks" }).waitFor();
      await expectClean(page, "[role=menu]");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Tasks" }).click();
      await page.getByRole("dialog", { name: "Tasks" }).waitFor();
      await expectClean(page, "[role=dialog]");
      await page.keyboard.press("Escape");
    });

    test("the machine's settings have no violation", async () => {
      await page.getByRole("link", { name: "Settings", exact: true }).click();
      await page.getByRole("link", { name: "Machine", exact: true }).click();
      await page.getByRole("heading", { level: 2 }).first().waitFor();
      await expectClean(page);
    });

    test("no results has no violation", async () => {
      await page.getByRole("link", { name: "Containers", exact: true }).click();
      await page.getByRole("searchbox").fill("nothing-like-this");
      await page.getByText("Nothing matches").waitFor();
      await expectClean(page);
      await page.getByRole("button", { name: "Clear filters" }).click();
    });
  });

  describe("with no engine", () => {
    test("every screen has no violation", async () => {
      const app = await startApp({ engine: "unix:///nonexistent/docker.sock" });
      const visited = await visit(browser, app.url, { colorScheme });
      const { page } = visited;
      try {
        for (const [screen] of screens) {
          await page.getByRole("link", { name: screen, exact: true }).click();
          await page.getByRole("heading", { level: 1, name: screen }).waitFor();
          await page.getByText("No engine is connected").first().waitFor();
          await expectClean(page);
        }
      } finally {
        await visited.close();
        await app.stop();
      }
    });
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { violations } from "../fixtures/axe.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { type DockerEngine, startDocker } from "../fixtures/docker-engine.ts";
import { dialogOf, furnishImages, type ImageStage, imageScenes } from "../fixtures/image-scenes.ts";
import { loadManyImages } from "../fixtures/many-images.ts";
import { startRegistry, type TestRegistry } from "../fixtures/registry.ts";
import { importTestImage } from "../fixtures/test-image.ts";

const themes = ["light", "dark"] as const;
const patience = { timeout: 15_000 };

// An engine of this suite's own: it is empty at first, and holds 500 images then.
let engine: DockerEngine;
let registry: TestRegistry;
let browser: Browser;
let app: App;
let visitor: Visit;
let page: Page;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "longshore-screens-"));
  [engine, registry, browser] = await Promise.all([startDocker(), startRegistry(), launchBrowser()]);
  await engine.docker("rmi", "busybox:test");
  app = await startApp({ engine: engine.host, home: join(folder, "home"), env: { DOCKER_CONFIG: folder } });
  visitor = await visit(browser, app.url);
  ({ page } = visitor);
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await registry.stop();
  await engine.stop();
  rmSync(folder, { recursive: true });
});

async function expectClean(): Promise<void> {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    expect([colorScheme, ...(await violations(page))]).toEqual([colorScheme]);
  }
}

test("an engine without images: one sentence, one action, and no violation in either theme", async () => {
  await page.getByRole("link", { name: "Images", exact: true }).click();
  await page.getByText("No images yet").waitFor();
  await expectClean();
  await page.getByRole("link", { name: "Builds", exact: true }).click();
  await page.getByText("No builds yet").waitFor();
  await expectClean();
});

describe("furnished", () => {
  let stage: ImageStage;

  beforeAll(async () => {
    await importTestImage(engine.docker);
    stage = { page, ...(await furnishImages(engine.docker, { registry: registry.address, folder })) };
  });

  test.each(imageScenes)("$name has no violation in either theme", async ({ open }) => {
    await open(stage);
    await expectClean();
  });
});

describe("by the keys alone", () => {
  /** Presses Tab until what has the focus is called so. */
  async function tabTo(name: RegExp): Promise<void> {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => {
        const { activeElement } = document;
        const labelled = activeElement instanceof HTMLInputElement ? activeElement.labels?.[0]?.textContent : undefined;
        return activeElement?.getAttribute("aria-label") ?? labelled ?? activeElement?.textContent ?? "";
      });
      if (name.test(focused.trim())) return;
    }
    throw new Error(`Tab never reached ${name}`);
  }

  /** The focus moves into a dialog a frame after it opens: what is typed before goes to the table. */
  async function dialogFocused(): Promise<void> {
    await dialogOf(page).waitFor();
    const holdsFocus = () => dialogOf(page).evaluate((dialog) => dialog.contains(document.activeElement));
    await expect.poll(holdsFocus, patience).toBe(true);
  }

  /** Finds a row by search, and picks an action from its menu. */
  async function menuOf(name: string, verb: string): Promise<void> {
    await dialogOf(page).waitFor({ state: "detached" });
    await page.keyboard.press("/");
    await page.keyboard.press("Control+a");
    await page.keyboard.type(name);
    await page
      .getByRole("row")
      .nth(1)
      .getByText(name.split(":")[0] ?? "")
      .first()
      .waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+F10");
    const item = page.getByRole("menuitem", { name: `${verb} ${name}`, exact: true });
    await item.waitFor();
    for (let presses = 0; presses < 15; presses += 1) {
      if (await item.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    await dialogFocused();
  }

  test("pull, run, tag and remove", async () => {
    const reference = `${registry.address}/team/webby:1`;
    await engine.docker("rmi", reference, "webby:2");
    await page.keyboard.press("Escape");
    await page.reload();
    await page.getByRole("link", { name: "Images", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("table", { name: "Images" }).waitFor();
    await tabTo(/^Pull$/);
    await page.keyboard.press("Enter");
    await dialogFocused();
    await page.keyboard.type(reference);
    await page.keyboard.press("Enter");
    await expect.poll(() => engine.docker("images", "-q", reference), patience).not.toBe("");

    await menuOf(reference, "Run");
    await tabTo(/^Name/);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("by-keys");
    await page.keyboard.press("Enter");
    await dialogOf(page)
      .getByRole("button", { name: /^Open in browser/ })
      .waitFor();
    expect(await engine.docker("ps", "-q", "--filter", "name=by-keys")).not.toBe("");
    await page.keyboard.press("Escape");
    await engine.docker("rm", "-f", "by-keys");

    await menuOf(reference, "Tag");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("by/keys:2");
    await page.keyboard.press("Enter");
    await expect.poll(() => engine.docker("images", "-q", "by/keys:2"), patience).not.toBe("");

    await menuOf("by/keys:2", "Remove");
    // Focus begins on Cancel: Enter alone must not destroy.
    await page.keyboard.press("Enter");
    await dialogOf(page).waitFor({ state: "detached" });
    expect(await engine.docker("images", "-q", "by/keys:2")).not.toBe("");
    await menuOf("by/keys:2", "Remove");
    await tabTo(/^Remove$/);
    await page.keyboard.press("Enter");
    await expect.poll(() => engine.docker("images", "-q", "by/keys:2"), patience).toBe("");
    await dialogOf(page).waitFor({ state: "detached" });
  });

  test("500 images: the last row is two keys away, and no violation in either theme", async () => {
    await loadManyImages(engine.docker, 500);
    await page.keyboard.press("/");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("many/");
    await page.getByText(/500 of/).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent ?? ""), patience)
      .toContain("many/image-0499");
    await expectClean();
    expect(visitor.problems).toEqual([]);
  });
});
